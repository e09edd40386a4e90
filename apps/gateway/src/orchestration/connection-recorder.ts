import type { Stream } from '../streams/stream.js';
import type { ConnectContext } from './stream-orchestrator.js';

/** Keeps the state of streams where the fleet sees it. Never throws and never makes a stream wait. */
export interface ConnectionRecorder {
  /** A stream is about to be dialled. */
  open(stream: Stream, context: ConnectContext): void;
  /** Its symbols were replaced. */
  change(stream: Stream, context: ConnectContext): void;
  record(stream: Stream, status: 'connected' | 'connecting'): void;
  close(stream: Stream): void;
}
