import { array, type Codec, int16, int32, string, struct } from '../wire/codec.js';

/** An answer for each partition that was asked about: topics:[name:STRING partitions:[partition_index:INT32 error_code:INT16]] */
export type PartitionErrors = readonly {
  readonly name: string;
  readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: number }[];
}[];

export const partitionErrors: Codec<PartitionErrors> = array(
  struct({ name: string, partitions: array(struct({ partitionIndex: int32, errorCode: int16 })) }),
);

interface Asked<P> {
  readonly name: string;
  readonly partitions: readonly P[];
}

/** Answers each partition with what becomes of it. */
export function answerEach<P extends { readonly partitionIndex: number }>(
  topics: readonly Asked<P>[],
  errorOf: (topic: string, partition: P) => number,
): PartitionErrors {
  return topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((each) => ({ partitionIndex: each.partitionIndex, errorCode: errorOf(name, each) })),
  }));
}
