import type { ConnectAndSubscribe } from '@naru/core';
import type { ConnectContext } from '../orchestration/connect-context.js';

/** A command as the streams understand it. */
export function connectContextOf(command: ConnectAndSubscribe, correlationId: string | undefined): ConnectContext {
  const { target, symbols, connection, projection } = command;
  return {
    target,
    symbols,
    url: connection.url,
    socketParams: connection.socket_params,
    projection: projection ? [...new Set(projection)] : null,
    correlationId,
  };
}

/** The command that means this, in the form in which commands travel. */
export function commandOf(context: ConnectContext): object {
  const { target, symbols, url, socketParams, projection, correlationId } = context;
  return {
    type: 'status',
    action: 'connect_and_subscribe',
    target,
    symbols,
    connection: { url, socket_params: socketParams },
    projection,
    ...(correlationId ? { correlation_id: correlationId.slice(0, 200) } : {}),
  };
}
