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
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

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
  let [depth, deepest, fields, inText] = [0, 0, 0, false];
  for (let at = 0; at < bytes.length && deepest <= maxCommandDepth && fields <= maxCommandFields; at += 1) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (byte === colon) fields += 1;
    else if (opening.has(byte)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (closing.has(byte)) depth -= 1;
  }
  return { depth: deepest, fields };
}
