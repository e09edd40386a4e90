import { ByteReader } from './byte-reader.js';
import type { AbortedTransaction } from './record-batch-decoder.js';

/*
 * Fetch Response v11 => throttle_time_ms error_code session_id [topic [partition]]
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   session_id => INT32
 *   topic => STRING
 *   partition => index error_code high_watermark last_stable_offset log_start_offset [aborted] preferred_read_replica records
 *     index => INT32
 *     error_code => INT16
 *     high_watermark, last_stable_offset, log_start_offset => INT64
 *     aborted => producer_id INT64, first_offset INT64
 *     preferred_read_replica => INT32
 *     records => INT32 size (-1: null), record batches
 */

export const FETCH_VERSION = 11;

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  /** Where the first open transaction begins, else the high watermark: records beyond it are not shown yet. */
  readonly lastStableOffset: string;
  readonly aborted: readonly AbortedTransaction[];
  /** The record batches, undecoded. */
  readonly bytes: Buffer;
}

export interface FetchResponse {
  readonly clientSideThrottleTime: number;
  readonly errorCode: number;
  readonly partitions: readonly FetchedPartition[];
}

export function decodeFetchResponse(payload: Buffer): FetchResponse {
  const reader = new ByteReader(payload);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  reader.skip(4);
  const partitions: FetchedPartition[] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    const topic = reader.string();
    for (let count = reader.int32(); count > 0; count -= 1) partitions.push(readPartition(reader, topic));
  }
  return { clientSideThrottleTime, errorCode, partitions };
}

function readPartition(reader: ByteReader, topic: string): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64().toString();
  const lastStableOffset = reader.int64().toString();
  reader.skip(8);
  const aborted: AbortedTransaction[] = [];
  for (let count = reader.int32(); count > 0; count -= 1) {
    const producerId = reader.int64();
    aborted.push({ producerId, firstOffset: reader.int64() });
  }
  reader.skip(4);
  const size = Math.max(0, reader.int32());
  const from = reader.offset;
  reader.skip(size);
  const bytes = reader.buffer.subarray(from, from + size);
  return { topic, partition, errorCode, highWatermark, lastStableOffset, aborted, bytes };
}
