import { randomUUID } from 'node:crypto';
import type { ConnectAndSubscribe, Disconnect, Target } from '@naru/core';

export interface ConnectRequest {
  readonly target: Target;
  readonly symbols: readonly string[];
  /** The exchange's WebSocket address. */
  readonly url: string;
  readonly projection?: readonly string[] | undefined;
  /** Age at which the command is dropped. */
  readonly ttlMs?: number | undefined;
}

type Correlated<C> = C & { readonly correlation_id: string };

/** The body of a `connect_and_subscribe`, with a correlation id of its own. */
export function buildConnect({
  target,
  symbols,
  url,
  projection,
  ttlMs,
}: ConnectRequest): Correlated<ConnectAndSubscribe> {
  return {
    type: 'status',
    action: 'connect_and_subscribe',
    target,
    symbols: [...symbols],
    connection: { url, socket_params: {} },
    ...(projection !== undefined && { projection: [...projection] }),
    ...(ttlMs !== undefined && { ttl_ms: ttlMs }),
    ts_issue: new Date().toISOString(),
    correlation_id: randomUUID(),
  };
}

/** The body of a `disconnect`, with a correlation id of its own. */
export function buildDisconnect(target: Target, reason?: string): Correlated<Disconnect> {
  return {
    type: 'status',
    action: 'disconnect',
    target,
    ...(reason !== undefined && { reason }),
    correlation_id: randomUUID(),
  };
}
