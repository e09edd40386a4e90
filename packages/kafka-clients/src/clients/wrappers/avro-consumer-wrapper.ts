import type { Deserializer } from '@naru/serializers';
import { AsyncConsumerWrapper, type ConsumerWrapperOptions } from './async-consumer-wrapper.js';

export interface AvroConsumerWrapperOptions<T> extends ConsumerWrapperOptions<T> {
  /** Of `@naru/serializers`: `createAvroDeserializer`, fed by the schema registry's client. */
  readonly deserializer: Deserializer<T>;
}

/** Reads Avro with the registry's frame, of any writer whose schema the registry knows. */
export class AvroConsumerWrapper<T = unknown> extends AsyncConsumerWrapper<T> {
  constructor(options: AvroConsumerWrapperOptions<T>) {
    super(options);
  }
}
