import { unit } from './market/hash.js';

/** What can go wrong with a data frame or after it, each with a probability from 0 to 1. */
export interface FaultRates {
  /** The frame never arrives. */
  readonly gap?: number;
  /** The frame arrives twice. */
  readonly duplicate?: number;
  /** The frame arrives after the next one of its stream. */
  readonly late?: number;
  /** A frame that is no frame arrives before it. */
  readonly garbage?: number;
  /** A number in it is wrong: the last digit of a checksum, or of the frame's last number. */
  readonly checksum?: number;
  /** After it the connection ends without a goodbye. */
  readonly drop?: number;
  /** After it the connection is reset. */
  readonly reset?: number;
  /** After it the market is silent for ten seconds. */
  readonly stall?: number;
  /** After it comes the exchange's notice of maintenance, where it has one. */
  readonly maintenance?: number;
  /** After it comes a small gzip frame of 64 MiB. */
  readonly bomb?: number;
}

/** What happens to a connection besides its data frames. */
export type ConnectionFault = 'drop' | 'reset' | 'close' | 'maintenance' | 'bomb';

/** Things that happen once, when asked for. */
export type FaultEvent = ConnectionFault | 'stall' | 'resume';

const frameFaults = ['gap', 'duplicate', 'late', 'garbage', 'checksum'] as const;
const faultsAfter = ['drop', 'reset', 'stall', 'maintenance', 'bomb'] as const;

/** Names of the rates, in the order in which they are tried. */
export const faultNames: readonly (keyof FaultRates)[] = [...frameFaults, ...faultsAfter];

export const faultEvents: readonly FaultEvent[] = ['drop', 'reset', 'close', 'stall', 'resume', 'maintenance', 'bomb'];

const garbage: readonly string[] = ['', '{', '[]', 'null', '"', '{"a":', '0', 'ping?', '{"type":1}', '[[],[],[]]', '�'];

/** Decides, from a seed, what happens to each frame. */
export class Faults {
  readonly #seed: number;
  #rates: FaultRates;
  /** Most simulators run without faults and need draw none. */
  #mayHappen: boolean;
  readonly #counts = Object.fromEntries(faultNames.map((name) => [name, 0])) as Record<keyof FaultRates, number>;
  readonly #late = new Map<object, readonly string[]>();
  #frames = 0;

  constructor(seed: number, rates: FaultRates) {
    this.#seed = seed;
    this.#rates = rates;
    this.#mayHappen = faultNames.some((name) => (rates[name] ?? 0) > 0);
  }

  /** How often each fault has happened. */
  get counts(): Readonly<Record<keyof FaultRates, number>> {
    return this.#counts;
  }

  /** From here on nothing goes wrong. */
  stop(): void {
    this.#rates = {};
    this.#mayHappen = false;
  }

  /** The frames that arrive in place of these, which belong to `stream`. */
  apply(frames: readonly string[], stream: object): readonly string[] {
    this.#frames += 1;
    const due = this.#late.get(stream);
    this.#late.delete(stream);
    const arriving = this.#altered(frames, stream);
    return due === undefined ? arriving : [...arriving, ...due];
  }

  /** What happens after the frame that `apply` was last asked about. */
  after(): (typeof faultsAfter)[number] | undefined {
    return this.#drawn(faultsAfter, 200);
  }

  #drawn<F extends keyof FaultRates>(names: readonly F[], salt: number): F | undefined {
    if (!this.#mayHappen) return undefined;
    const fault = names.find((name, i) => unit(this.#seed, this.#frames, salt + i) < (this.#rates[name] ?? 0));
    if (fault !== undefined) this.#counts[fault] += 1;
    return fault;
  }

  #altered(frames: readonly string[], stream: object): readonly string[] {
    const fault = this.#drawn(frameFaults, 100);
    switch (fault) {
      case undefined:
        return frames;
      case 'gap':
        return [];
      case 'duplicate':
        return [...frames, ...frames];
      case 'late':
        this.#late.set(stream, frames);
        return [];
      case 'garbage':
        return [garbage[this.#frames % garbage.length]!, ...frames];
      case 'checksum':
        return frames.map(alterChecksum);
    }
  }
}

/** Changes the last digit of what `checksum` or `cs` names, or else of the last number of the frame. */
function alterChecksum(text: string): string {
  const named = /("checksum":-?\d*?|"cs",-?\d*?)(\d)(?!\d)/.exec(text);
  if (named !== null) {
    const at = named.index + named[0].length - 1;
    return text.slice(0, at) + ((Number(text[at]) + 1) % 10) + text.slice(at + 1);
  }
  return text;
}
