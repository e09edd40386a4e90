import { CommandRejection } from './command-rejection.js';

/** Ten thousand symbols at their longest and all else that a command may carry fit in it. */
export const maxCommandBytes: number = 1024 * 1024;

/** Commands nest four deep; what senders put into free fields may go further. */
export const maxCommandDepth: number = 64;

const quote = 0x22;
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
  if (isDeeperThan(bytes, maxCommandDepth)) {
    throw new CommandRejection(`The command nests deeper than ${maxCommandDepth} levels. Send it flatter.`, []);
  }
}

function isDeeperThan(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (opening.has(byte)) {
      depth += 1;
      if (depth > limit) return true;
    } else if (closing.has(byte)) depth -= 1;
  }
  return false;
}
