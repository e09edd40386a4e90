import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import type { World } from './world.js';

/** Seats a WebSocket client at an exchange; `wire` is the connection underneath. */
export function attachWebSocket(client: WebSocket, wire: Duplex, exchange: PlayedExchange, world: World): void {
  let gathering = false;
  /** Frames of one turn leave in one write: a system call for each would cost more than making them. */
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    wire.cork();
    process.nextTick(() => {
      gathering = false;
      wire.uncork();
    });
  };
  const socket = world.connect(exchange, {
    send: (text, framing) => {
      if (client.readyState !== client.OPEN) return;
      gather();
      if (framing === 'gzip') client.send(gzipSync(text, { level: 1 }));
      else client.send(text, { binary: framing === 'binary' });
    },
    sendBytes: (bytes) => client.send(bytes, { binary: true }),
    ping: () => client.ping(),
    close: (code, reason) => client.close(code, reason),
    terminate: () => client.terminate(),
    get bufferedBytes() {
      return client.bufferedAmount;
    },
  });
  // A client that vanishes raises an error before its close; the close is what matters.
  client.on('error', () => {});
  if (socket === undefined) return;
  client.on('message', (data) => socket.receive(data.toString()));
  client.on('ping', () => socket.heardControlFrame());
  client.on('pong', () => socket.heardControlFrame());
  client.on('close', () => world.disconnect(socket));
}
