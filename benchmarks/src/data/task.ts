/** What one child process measures. */
export interface DataTask {
  readonly work: 'encode' | 'encodeTrade' | 'decode' | 'decodeOther' | 'hold' | 'json' | 'transcode';
  readonly contestant: string;
  /** Bytes of one frame, for `transcode`. */
  readonly frameBytes?: number;
}

export interface DataMeasurement {
  /** Microseconds of processor time per call, or bytes for `hold`. */
  readonly value: number;
  /** Bytes of one message where there is one. */
  readonly bytes?: number;
}
