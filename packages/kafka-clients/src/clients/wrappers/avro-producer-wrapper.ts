import type { Serializer } from '@naru/serializers';
import { AsyncProducerWrapper, type ProducerWrapperOptions } from './async-producer-wrapper.js';

export interface AvroProducerWrapperOptions extends ProducerWrapperOptions {
  /** Of `@naru/serializers`: `createAvroSerializer`, fed by the schema registry's client. */
  readonly serializer: Serializer;
}

/** Sends Avro with the registry's frame. */
export class AvroProducerWrapper extends AsyncProducerWrapper {
  constructor(options: AvroProducerWrapperOptions) {
    super(options);
  }
}
