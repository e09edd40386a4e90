import { type Codec, int16, int64, string } from '../../wire/codec.js';

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
