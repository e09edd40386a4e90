import type { KafkajsBroker, ProtocolPair } from '../internals.js';
import { sizeOfString } from './byte-writer.js';
import type { MemoryPool } from './memory-pool.js';

/*
 * Request header v1 => size api_key api_version correlation_id client_id
 *   size => INT32   of everything after it
 *   api_key => INT16
 *   api_version => INT16
 *   correlation_id => INT32
 *   client_id => NULLABLE_STRING
 */

/**
 * Sends a Produce request whose body is encoded with room for its header. kafkajs's own `Connection.send` copies the
 * body twice into zeroed memory on its way to the socket; otherwise this is what it does.
 *
 * @param encode answers the body after `room` free bytes, in memory of the pool.
 */
export async function sendProduce(
  broker: KafkajsBroker,
  pair: ProtocolPair,
  encode: (room: number) => Promise<Buffer>,
  pool: MemoryPool,
): Promise<unknown> {
  const { request, response } = pair;
  const { apiKey, apiName, apiVersion } = request;
  const connection = await broker.connectionPool.getConnectionByRequest(pair);
  await connection.authenticate();
  const expectResponse = request.expectResponse?.() ?? true;
  const { clientId } = connection;
  const whole = await encode(12 + sizeOfString(clientId));
  const { payload } = await new Promise<{ readonly payload: Buffer | null }>((resolve, reject) => {
    // Taken together with the push, so that numbers go out in their order.
    connection.failIfNotConnected();
    const correlationId = connection.nextCorrelationId();
    whole.writeInt32BE(whole.length - 4, 0);
    whole.writeInt16BE(apiKey, 4);
    whole.writeInt16BE(apiVersion, 6);
    whole.writeInt32BE(correlationId, 8);
    whole.writeInt16BE(Buffer.byteLength(clientId), 12);
    whole.write(clientId, 14, 'utf8');
    connection.requestQueue.push({
      entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
      expectResponse,
      requestTimeout: pair.requestTimeout ?? null,
      sendRequest: () => connection.socket.write(whole),
    });
  });
  if (!expectResponse || payload === null) return undefined;
  // Answered, so the socket has read all of it. After an error it may still be on its way.
  pool.give(whole);
  const decoded = (await response.decode(payload)) as { readonly clientSideThrottleTime?: number };
  connection.requestQueue.maybeThrottle(decoded.clientSideThrottleTime ?? null);
  return response.parse(decoded);
}
