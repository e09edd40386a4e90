/** One line of a benchmark's outcome. */
export interface BenchmarkResult {
  readonly name: string;
  readonly unit: string;
  /** Median of the rounds. */
  readonly ours: number;
  /** The least and the greatest of the rounds. */
  readonly spread?: readonly [number, number];
  /** The same of each peer in the same rounds; null for one that could not run here. */
  readonly peers: Readonly<Record<string, number | null>>;
  /** The goal in words, with its numbers; null where none is set and the figure is there to be known. */
  readonly goal: string | null;
  /** Whether this run met it; null where none is set, or a peer it is measured by could not run. */
  readonly met: boolean | null;
  /** What a reader should know, such as why a peer is missing. */
  readonly note?: string;
}

export interface BenchmarkContext {
  /** How many alternating rounds. */
  readonly rounds: number;
  /** Says what is going on, on stderr. */
  progress(line: string): void;
  /** What another benchmark found in this run; it is run when it was not yet. */
  outcomeOf(name: string): Promise<BenchmarkOutcome>;
}

export interface BenchmarkOutcome {
  /** Names and versions of what was measured besides Node. */
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly BenchmarkResult[];
}

/** Ours side by side with its peers. Each lives in the folder of its name and is listed in `registry.ts`. */
export interface Benchmark {
  readonly description: string;
  run(context: BenchmarkContext): Promise<BenchmarkOutcome>;
}
