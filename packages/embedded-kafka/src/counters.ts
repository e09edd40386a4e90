/** What the broker has done since it started. Read it; the broker writes it. */
export interface Counters {
  connectionsOpened: number;
  connectionsOpen: number;
  connectionsRefused: number;
  /** Requests whose header was read, by API name. */
  readonly requests: Record<string, number>;
  /** Connections closed because of what they sent. */
  protocolErrors: number;
  batchesIn: number;
  recordsIn: number;
  recordBytesIn: number;
  recordBytesOut: number;
  /** Bytes of memory held for records at the moment. */
  recordBytesHeld: number;
  faultsApplied: number;
}

export function createCounters(): Counters {
  return {
    connectionsOpened: 0,
    connectionsOpen: 0,
    connectionsRefused: 0,
    requests: {},
    protocolErrors: 0,
    batchesIn: 0,
    recordsIn: 0,
    recordBytesIn: 0,
    recordBytesOut: 0,
    recordBytesHeld: 0,
    faultsApplied: 0,
  };
}
