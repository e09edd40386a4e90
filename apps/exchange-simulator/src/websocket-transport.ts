import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { WebSocket } from 'ws';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import { FrameWriter } from './frame-writer.js';
import type { World } from './world.js';

/** A small window, made anew for every frame: 9.0 µs where the default of 256 KiB takes 11.3. */
const gzip = { level: 1, windowBits: 9, memLevel: 1 };

/** Seats a WebSocket client at an exchange; `wire` is the connection underneath. */
export function attachWebSocket(client: WebSocket, wire: Duplex, exchange: PlayedExchange, world: World): void {
  const frames = new FrameWriter(wire);
  const socket = world.connect(exchange, {
    send: (text, framing) => {
      if (client.readyState !== client.OPEN) return;
      if (framing === 'gzip') frames.add(gzipSync(text, gzip), true);
      else frames.add(text, framing === 'binary');
    },
    sendBytes: (bytes) => frames.add(bytes, true),
    ping: () => client.ping(),
    close: (code, reason) => {
      frames.flush();
      client.close(code, reason);
    },
    terminate: () => client.terminate(),
    reset: () => {
      if (wire instanceof Socket) wire.resetAndDestroy();
      else client.terminate();
    },
    get bufferedBytes() {
      return client.bufferedAmount + frames.pendingBytes;
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
