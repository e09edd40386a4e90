/**
 * How record batches are compressed. lz4, snappy and zstd need their codec; see the README. `best` is lz4 where its
 * codec is there, else zstd, else gzip.
 */
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | 'best';

/** Headers of one record; a list gives the same key several times. */
export type RecordHeaders = Readonly<Record<string, Buffer | string | readonly (Buffer | string)[]>>;

/** One record as it enters a batch. */
export interface OutgoingRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: RecordHeaders | undefined;
  /** Unix milliseconds, whole. */
  readonly timestamp: number;
}

/** Who writes, in the broker's eyes: lets it recognise a batch it has already written. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** The records of one partition, written together or not at all. */
export interface ProduceBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly OutgoingRecord[];
  readonly identity?: ProducerIdentity | undefined;
  /** Sequence of the first record under that identity. */
  readonly firstSequence?: number;
  /** About how many bytes the records take, for transports that bound their requests. */
  readonly bytes?: number;
}

export interface TransportProducerOptions {
  readonly acks: -1 | 0 | 1;
  readonly compression: Compression;
  /** How long one request may take. */
  readonly requestTimeoutMs: number;
}

/**
 * Writes batches. It never retries by itself: a failure is a `KafkaClientError` whose `retryable` and
 * `possiblyWritten` tell the producer above what to do. `sequence_lost` stands for Kafka's errors 45 and 59.
 */
export interface TransportProducer {
  connect(): Promise<void>;
  /** How many partitions the topic has, from memory; undefined when that is not known yet. */
  knownPartitionCount(topic: string): number | undefined;
  /** How many partitions the topic has, asked of the cluster when not known. */
  partitionCount(topic: string): Promise<number>;
  /** A new identity with sequences starting at 0. */
  initIdentity(): Promise<ProducerIdentity>;
  /** Resolves with the offset of the batch's first record once the broker has acknowledged it. */
  produce(batch: ProduceBatch): Promise<{ readonly baseOffset: string }>;
  close(): Promise<void>;
}
