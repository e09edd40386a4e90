import { type Channel, channel } from 'node:diagnostics_channel';

/**
 * Channels of `node:diagnostics_channel`, for tracing without touching the code. Publishing costs nothing while nobody
 * listens.
 */
export const diagnostics: {
  /** Every `ProducerEvent`. */
  readonly producer: Channel<unknown, unknown>;
  /** Every `ConsumerEvent`. */
  readonly consumer: Channel<unknown, unknown>;
  /** `{ message }` of each message before it is queued. */
  readonly send: Channel<unknown, unknown>;
  /** `{ groupId, message, outcome }` of each message that is decided. */
  readonly handled: Channel<unknown, unknown>;
} = {
  producer: channel('naru:kafka:producer'),
  consumer: channel('naru:kafka:consumer'),
  send: channel('naru:kafka:send'),
  handled: channel('naru:kafka:handled'),
};
