import type { Clock, Logger } from '@naru/core';
import type { Replay } from './capture/replay.js';
import type { FaultRates } from './faults.js';

export interface ExchangeSimulatorOptions {
  /** Port to listen on; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Data frames per second over all streams together; 0 sends none until `setRate`. Default 1000. */
  readonly rate?: number;
  /** Everything sent follows from it. Default 1. */
  readonly seed?: number;
  /** Data frames per stream, after which it falls silent. Default Infinity. */
  readonly messages?: number;
  /** Whether sequences go on while nobody listens, as at a real exchange. Default false: they wait. */
  readonly unattended?: boolean;
  /**
   * Exchange time of the frame at index 0, in Unix milliseconds; each further index is a millisecond later.
   * Default: the time of sending.
   */
  readonly startTimeMs?: number;
  /** Probabilities of faults per data frame. Default none. */
  readonly faults?: FaultRates;
  /** A capture that clients of one exchange receive instead, from their first message on. */
  readonly replay?: Replay;
  /** Default the machine's. */
  readonly clock?: Clock;
  readonly logger?: Logger;
}
