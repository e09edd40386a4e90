import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createDial, type Socket } from './dial.js';

const policy = { allowedHosts: [], allowPrivateAddresses: true };
const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A peer that answers the first bytes of every connection as it is told; answers its address. */
async function peer(answer: (socket: TcpSocket, request: string) => void): Promise<URL> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (request) => answer(socket, request.toString()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

function accept(socket: TcpSocket, request: string, headers = ''): void {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? '';
  const proof = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n${headers}\r\n`,
  );
}

/** Dials and answers how it ended: with what error it was refused, or with what code and reason it was closed. */
function dialled(url: URL, options: { maxPayloadBytes?: number; handshakeTimeoutMs?: number } = {}): Promise<string> {
  const dial = createDial({ policy, maxPayloadBytes: 1024, handshakeTimeoutMs: 5_000, ...options });
  return new Promise((resolve) => {
    dial(url, {
      onMessage: (data) => resolve(`a message of ${data.length} bytes`),
      onLife: () => {},
      onClose: (code, reason) => resolve(`closed with ${code}: ${reason}`),
    }).then(
      (socket) => {
        sockets.push(socket);
        socket.start();
      },
      (error: Error) => resolve(`refused: ${error.message}`),
    );
  });
}

/** An unmasked frame; a length of its own where it lies about it. */
function frame(first: number, payload: Buffer, length = payload.length): Buffer {
  // Control frames have no other length.
  if (first & 0x08) return Buffer.concat([Buffer.of(first, length), payload]);
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

test('a handshake that goes on byte by byte ends at its deadline', async () => {
  let timer: NodeJS.Timeout | undefined;
  const url = await peer((socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Slow: ');
    timer = setInterval(() => socket.write('x'), 5);
    socket.once('close', () => clearInterval(timer));
  });
  expect(await dialled(url, { handshakeTimeoutMs: 100 })).toBe('refused: the handshake took longer than 100 ms');
});

test('a redirect is not followed', async () => {
  let visits = 0;
  const elsewhere = await peer((socket) => {
    visits += 1;
    socket.destroy();
  });
  const url = await peer((socket) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: ${elsewhere.href}\r\nContent-Length: 0\r\n\r\n`),
  );
  expect(await dialled(url)).toBe('refused: Unexpected server response: 302');
  expect(visits).toBe(0);
});

test('compression that was not offered is refused, in the handshake and in a frame', async () => {
  const negotiating = await peer((socket, request) =>
    accept(socket, request, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
  );
  expect(await dialled(negotiating)).toMatch(/refused: .*Sec-WebSocket-Extensions/);
  const bombing = await peer((socket, request) => {
    accept(socket, request);
    socket.write(frame(0xc1, deflateRawSync(Buffer.alloc(64 * 1024 * 1024))));
  });
  expect(await dialled(bombing)).toMatch(/closed with 1006: Invalid WebSocket frame: RSV1/);
});

test('a message over the bound closes the socket, whether in one frame, in pieces or only announced', async () => {
  const whole = await peer((socket, request) => {
    accept(socket, request);
    socket.write(frame(0x82, Buffer.alloc(1_025)));
  });
  expect(await dialled(whole)).toMatch(/Max payload size exceeded/);
  const pieces = await peer((socket, request) => {
    accept(socket, request);
    socket.write(Buffer.concat([frame(0x02, Buffer.alloc(600)), frame(0x00, Buffer.alloc(600))]));
  });
  expect(await dialled(pieces)).toMatch(/Max payload size exceeded/);
  const announced = await peer((socket, request) => {
    accept(socket, request);
    socket.write(frame(0x82, Buffer.alloc(0), 2 ** 40));
  });
  expect(await dialled(announced)).toMatch(/Max payload size exceeded/);
  const fitting = await peer((socket, request) => {
    accept(socket, request);
    socket.write(frame(0x82, Buffer.alloc(1_024)));
  });
  expect(await dialled(fitting)).toBe('a message of 1024 bytes');
});

test('fragments without end close the socket, also empty ones', async () => {
  const url = await peer((socket, request) => {
    accept(socket, request);
    const empty = frame(0x00, Buffer.alloc(0));
    socket.write(Buffer.concat([frame(0x01, Buffer.alloc(0)), ...Array.from({ length: 300 }, () => empty)]));
  });
  expect(await dialled(url)).toMatch(/Too many message fragments/);
});

test('every frame of a read comes, in order and before the end of its socket, also when there are too many for one turn', async () => {
  const url = await peer((socket, request) => {
    accept(socket, request);
    const frames = Array.from({ length: 2_000 }, (_, n) => frame(0x82, Buffer.of(n >> 8, n & 0xff)));
    socket.write(Buffer.concat([...frames, frame(0x88, Buffer.from([0x03, 0xf4]))]));
  });
  const dial = createDial({ policy, maxPayloadBytes: 1024, handshakeTimeoutMs: 5_000 });
  const received: number[] = [];
  let turns = 0;
  let done = false;
  const turn = (): void => {
    turns += 1;
    if (!done) setImmediate(turn);
  };
  const end = await new Promise<number>((resolve, reject) => {
    dial(url, {
      onMessage(data) {
        if (received.length === 0) turn();
        received.push(data.readUInt16BE());
        // As long as a frame of many records takes.
        for (const until = performance.now() + 0.05; performance.now() < until; );
      },
      onLife: () => {},
      onClose: (code) => resolve(code),
    }).then((socket) => {
      sockets.push(socket);
      socket.start();
    }, reject);
  });
  done = true;
  expect(received).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  expect(end).toBe(1012);
  expect(turns).toBeGreaterThan(3);
});

test('of pings that come together the latest is answered', async () => {
  const answered = new Promise<Buffer>((resolve) => {
    void peer((socket, request) => {
      accept(socket, request);
      socket.once('data', resolve);
      socket.write(Buffer.concat(Array.from({ length: 5 }, (_, n) => frame(0x89, Buffer.of(n)))));
    }).then(dialled);
  });
  const pong = await answered;
  expect(pong[0]).toBe(0x8a);
  // Masked, as a client's frames are.
  expect(pong[6]! ^ pong[2]!).toBe(4);
  expect(pong).toHaveLength(7);
});
