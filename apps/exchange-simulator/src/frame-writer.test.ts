import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { FrameWriter } from './frame-writer.js';

it('writes frames of every length and form as a client expects them, in order, before a close', async () => {
  const payloads: (string | Buffer)[] = [
    '',
    'a',
    'x'.repeat(125),
    'y'.repeat(126),
    '한'.repeat(50),
    'z'.repeat(65_535),
    Buffer.alloc(65_536, 1),
    Buffer.from([0, 255, 128]),
    '끝',
  ];
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, wire, head) => {
    sockets.handleUpgrade(request, wire, head, (client) => {
      const writer = new FrameWriter(wire);
      for (const payload of payloads) writer.add(payload, typeof payload !== 'string');
      expect(writer.pendingBytes).toBeGreaterThan(130_000);
      writer.flush();
      expect(writer.pendingBytes).toBe(0);
      client.close(1000, 'done');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const received: (string | Buffer)[] = [];
  client.on('message', (data: Buffer, binary) => received.push(binary ? data : data.toString()));
  const [code] = await once(client, 'close');
  expect(code).toBe(1000);
  expect(received).toEqual(payloads);
  server.close();
});
