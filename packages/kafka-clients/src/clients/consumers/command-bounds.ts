import { CommandRejection } from './command-rejection.js';

/** Ten thousand symbols at their longest and all else that a command may carry fit in it. */
export const maxCommandBytes: number = 1024 * 1024;

/** Commands nest four deep; what senders put into free fields may go further. */
export const maxCommandDepth: number = 64;

/** Fields over all levels: an object of many thousands is slow to make, and no command has them. */
export const maxCommandFields: number = 1_000;

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * Refuses what would cost too much to parse or could never be written again: checked on the bytes, before JSON is made
 * of them. Text nested thousands deep parses, and then overflows the stack of whoever writes it.
 *
 * @throws {CommandRejection} naming the bound.
 */
export function checkCommandBounds(bytes: Buffer | null): void {
  if (bytes === null) return;
  if (bytes.length > maxCommandBytes) {
    throw new CommandRejection(
      `The command has ${bytes.length} bytes; the most is ${maxCommandBytes}. Split its symbols over several commands.`,
      [],
    );
  }
  const { depth, fields } = measure(bytes);
  if (depth > maxCommandDepth) {
    throw new CommandRejection(`The command nests deeper than ${maxCommandDepth} levels. Send it flatter.`, []);
  }
  if (fields > maxCommandFields) {
    throw new CommandRejection(`The command has more than ${maxCommandFields} fields. Send what belongs in it.`, []);
  }
}

/** Depth and fields, until one of them is too much. What is in text does not count. */
function measure(bytes: Buffer): { readonly depth: number; readonly fields: number } {
  let [depth, deepest, fields] = [0, 0, 0];
  for (let at = 0; at < bytes.length && deepest <= maxCommandDepth && fields <= maxCommandFields; at += 1) {
    const byte = bytes[at]!;
    if (byte === quote) at = endOfText(bytes, at);
    else if (byte === colon) fields += 1;
    else if (byte === openingBrace || byte === openingBracket) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (byte === closingBrace || byte === closingBracket) depth -= 1;
  }
  return { depth: deepest, fields };
}

/** Where the text that begins with this quote ends: at the next quote that no backslash makes a part of it. */
function endOfText(bytes: Buffer, begin: number): number {
  for (let end = bytes.indexOf(quote, begin + 1); end >= 0; end = bytes.indexOf(quote, end + 1)) {
    let escapes = 0;
    while (bytes[end - 1 - escapes] === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return bytes.length;
}
