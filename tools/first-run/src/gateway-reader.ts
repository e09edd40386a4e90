/** What the gateway's `/streams` answers, as far as it is shown here. */
export interface StreamsAnswer {
  readonly totals: Accounts & { readonly latency: Latency | null };
  readonly streams: readonly StreamLine[];
}

export interface StreamLine {
  readonly target: { readonly exchange: string; readonly region: string; readonly request_type: string };
  readonly accounts: Accounts;
  readonly latency: Latency | null;
  /** Unix milliseconds. */
  readonly firstAcknowledgedAt: number | null;
  readonly stream: { readonly symbols: readonly string[]; readonly confirmed: number } | null;
}

export interface Accounts {
  readonly received: number;
  readonly acknowledged: number;
  readonly conflated: number;
  readonly dropped: number;
  readonly buffered: number;
}

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export async function readStreams(operationsUrl: string): Promise<StreamsAnswer> {
  const response = await fetch(`${operationsUrl}/streams`, { signal: AbortSignal.timeout(5_000) });
  return (await response.json()) as StreamsAnswer;
}
