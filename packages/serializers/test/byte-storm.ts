import { createAvroCodec, SerializationError } from '../src/index.js';

export interface StormReport {
  readonly payloads: number;
  /** Payloads that were read after all: a mutation may leave a message valid. */
  readonly accepted: number;
  /** Payloads that took long at first and also every time they were tried again: the slowest of them, in ms. */
  readonly slowestMs: number;
  /** The most memory that one payload took, of those that took long at first, in bytes. */
  readonly mostBytes: number;
  /** Errors that were not a SerializationError, or one that named no code. */
  readonly foreignErrors: readonly string[];
}

/** A small generator of numbers whose sequence its seed decides (xorshift32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

// Counts and lengths that readers trip over: huge, negative, without an end, zero.
const nastyNumbers = [
  [0xfe, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
  [0x80, 0x87, 0xa7, 0x0e],
  [0x01],
  [0x00],
  [0x7f],
];

function mutate(message: Buffer, other: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(message);
  for (let turn = random(4); turn >= 0; turn--) {
    const at = random(bytes.length + 1);
    switch (random(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random(8));
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(nastyNumbers[random(nastyNumbers.length)]!),
          bytes.subarray(at),
        ]);
        break;
      case 4: {
        const nasty = nastyNumbers[random(nastyNumbers.length)]!;
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(nasty), bytes.subarray(at + nasty.length)]);
        break;
      }
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(random(other.length + 1))]);
    }
  }
  return bytes;
}

const suspiciousMs = 5;

/** Decodes mutations of valid messages, many of them, and watches what they cost. */
export function storm(schema: string, samples: readonly unknown[], payloads: number, seed: number): StormReport {
  const codec = createAvroCodec({ schema, id: 1 });
  const messages = samples.map((sample) => codec.encode(sample));
  const random = createRandom(seed);
  const foreignErrors: string[] = [];
  let accepted = 0;
  let slowestMs = 0;
  let mostBytes = 0;

  const decode = (bytes: Buffer): void => {
    try {
      codec.decode(bytes);
      accepted++;
    } catch (error) {
      const isOurs = error instanceof SerializationError && typeof error.code === 'string';
      if (!isOurs && foreignErrors.length < 10) foreignErrors.push(`${bytes.toString('hex')}: ${String(error)}`);
    }
  };
  const measure = (bytes: Buffer): { ms: number; memory: number } => {
    const before = process.memoryUsage();
    const start = performance.now();
    decode(bytes);
    const ms = performance.now() - start;
    const after = process.memoryUsage();
    return { ms, memory: after.heapUsed + after.external - before.heapUsed - before.external };
  };

  for (let count = 0; count < payloads; count++) {
    const message = messages[random(messages.length)]!;
    const bytes = mutate(message, messages[random(messages.length)]!, random);
    // The frame stays: without it nothing behind it would be looked at.
    message.copy(bytes, 0, 0, Math.min(5, bytes.length));
    const start = performance.now();
    decode(bytes);
    if (performance.now() - start < suspiciousMs) continue;
    // The machine may have been busy: only what is slow again is slow.
    const again = [measure(bytes), measure(bytes), measure(bytes)];
    slowestMs = Math.max(slowestMs, Math.min(...again.map(({ ms }) => ms)));
    mostBytes = Math.max(mostBytes, Math.min(...again.map(({ memory }) => memory)));
  }
  return { payloads, accepted, slowestMs, mostBytes, foreignErrors };
}
