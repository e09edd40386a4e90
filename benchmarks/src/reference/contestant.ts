import type { Feed } from './feed.js';

/** Servers that all contestants share. */
export interface Servers {
  readonly brokers: readonly string[];
  readonly registry: string;
  readonly redis: string;
}

/** One run of one contestant: topics of its own on the same servers. */
export interface Run {
  readonly servers: Servers;
  readonly feed: Feed;
  /** Begins the name of every topic. */
  readonly prefix: string;
}

/** What a contestant says of itself. */
export interface Accounts {
  readonly received: number;
  readonly acknowledged: number;
  /** Tickers replaced by newer ones. */
  readonly conflated: number;
  readonly dropped: number;
  /** From receipt to Kafka's acknowledgement since the last `mark`, in ms; null before the first. */
  readonly p50: number | null;
  readonly p99: number | null;
}

export interface RunningContestant {
  readonly pid: number;
  /** Waits count from here on. */
  mark(): Promise<void>;
  /** Null from one that keeps no accounts. */
  accounts(): Promise<Accounts | null>;
  stop(): Promise<void>;
}

export interface Contestant {
  /** Data topics it will write to, without prefix. */
  readonly topics: readonly string[];
  /** Whether it waits for commands on `ws.command`. */
  readonly takesCommands: boolean;
  /** How its messages are written. */
  readonly format: 'avro' | 'json';
  /** Starts it; null when it is not installed here. */
  start(run: Run): Promise<RunningContestant | null>;
}
