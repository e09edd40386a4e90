import { type Codec, int16, int32, int64, string, struct } from '../../wire/codec.js';

/** How every request of a transaction says whose it is. */
export interface OfProducer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** The first fields of AddPartitionsToTxn, AddOffsetsToTxn and EndTxn. */
export const ofProducer: {
  readonly transactionalId: Codec<string>;
  readonly producerId: Codec<number>;
  readonly producerEpoch: Codec<number>;
} = { transactionalId: string, producerId: int64, producerEpoch: int16 };

/** An answer that is nothing but an error code. */
export interface PlainAnswer {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

export const plainAnswer: Codec<PlainAnswer> = struct({ throttleTimeMs: int32, errorCode: int16 });
