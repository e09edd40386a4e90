import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError } from '../gateway-error.js';
import type { Stream, StreamListener } from '../streams/stream.js';
import type { ConnectionRecorder } from './connection-recorder.js';

export interface StreamNewsOptions {
  readonly events: Pick<EventPublisher, 'confirmed' | 'failed'>;
  readonly recorder: Pick<ConnectionRecorder, 'record'>;
}

/** Tells over Kafka, and in the fleet's state, what streams meet: proofs, refusals, silence, lost sockets. */
export function createStreamNews({ events, recorder }: StreamNewsOptions): StreamListener {
  const fail = (stream: Stream, error: GatewayError): void =>
    events.failed({
      boundary: error.code === 'connect_failed' ? 'ws_connection' : 'ws_protocol',
      error,
      target: stream.target,
      correlationId: stream.correlationId,
    });
  return {
    onConfirmed(stream, symbols) {
      for (const symbol of symbols) events.confirmed(stream.target, symbol, stream.correlationId);
      recorder.record(stream, 'connected');
    },
    onRefused(stream, symbol, reason) {
      const what = symbol === undefined ? 'a subscription' : symbol;
      fail(stream, new GatewayError('subscription_refused', `${stream.target.exchange} refused ${what}: ${reason}.`));
    },
    onUnconfirmed(stream, symbols) {
      const some = `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ' …' : ''}`;
      fail(
        stream,
        new GatewayError(
          'proof_timeout',
          `${stream.target.exchange} neither confirmed nor sent ${symbols.length} of ${stream.symbols.length} symbols in time: ${some}. Check that it lists them.`,
        ),
      );
    },
    onTrouble(stream, error) {
      fail(
        stream,
        new GatewayError(
          'connect_failed',
          `The connection to ${stream.url.host} failed: ${error.message}. It is tried again by itself.`,
          { cause: error, retryable: true },
        ),
      );
      recorder.record(stream, 'connecting');
    },
  };
}
