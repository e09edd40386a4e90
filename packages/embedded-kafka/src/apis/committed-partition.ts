import { type Codec, int32, int64, nullableString, since, struct } from '../wire/codec.js';

/** An offset that a group wants to keep. */
export interface CommittedPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

/** @param epochSince first version of the API that tells the leader's epoch */
export function committedPartition(epochSince: number): Codec<CommittedPartition> {
  return struct<CommittedPartition>({
    partitionIndex: int32,
    committedOffset: int64,
    committedLeaderEpoch: since(epochSince, int32, -1),
    committedMetadata: nullableString,
  });
}
