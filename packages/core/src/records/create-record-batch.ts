import { type Clock, systemClock } from '../clock.js';
import type { RequestType } from './exchange.js';
import type { RecordBatch, RecordByRequestType } from './record-batch.js';
import type { Target } from './target.js';

/** Wraps records of one market in the envelope that `realtime.*` carries; the time is the clock's. */
export function createRecordBatch<T extends RequestType, R = RecordByRequestType[T]>(
  target: Target & { readonly request_type: T },
  data: readonly R[],
  clock: Pick<Clock, 'now'> = systemClock,
): RecordBatch<T, R> {
  return {
    exchange: target.exchange,
    region: target.region,
    request_type: target.request_type,
    timestamp_ms: Math.floor(clock.now()),
    batch_size: data.length,
    data,
  };
}
