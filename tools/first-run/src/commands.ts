import { randomUUID } from 'node:crypto';
import type { WantedStream } from './options.js';

/** The body of a `connect_and_subscribe` for `ws.command`. */
export function connectCommand(stream: WantedStream, region: string, url: string): object {
  return {
    type: 'status',
    action: 'connect_and_subscribe',
    target: { exchange: stream.exchange, region, request_type: stream.requestType },
    symbols: stream.symbols,
    connection: { url, socket_params: {} },
    ts_issue: new Date().toISOString(),
    ttl_ms: 60_000,
    correlation_id: randomUUID(),
  };
}

/** The body of a `disconnect` for `ws.disconnection`. */
export function disconnectCommand(stream: WantedStream, region: string): object {
  return {
    type: 'status',
    action: 'disconnect',
    target: { exchange: stream.exchange, region, request_type: stream.requestType },
    reason: 'the first run is over',
    correlation_id: randomUUID(),
  };
}
