import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** What a peer does once it has the request of a client; `accept` opens the WebSocket first. */
export type Behaviour = (socket: Socket, accept: () => void) => void;

/** An exchange gone bad: a bare TCP server that does what the path of the request names. */
export class HostilePeer {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(behaviours: ReadonlyMap<string, Behaviour>): Promise<HostilePeer> {
    const server = createServer();
    const peer = new HostilePeer(server);
    server.on('connection', (socket) => {
      peer.#open.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => peer.#open.delete(socket));
      let request = '';
      const read = (bytes: Buffer): void => {
        request += bytes.toString('latin1');
        if (!request.includes('\r\n\r\n')) return;
        socket.off('data', read);
        // Of its frames only a close is of interest: whoever asks politely is let go.
        socket.on('data', (bytes) => {
          if (bytes[0] === 0x88) socket.end();
        });
        const path = /^GET \/(\S*) /.exec(request)?.[1] ?? '';
        behaviours.get(path)?.(socket, () => socket.write(accepting(request)));
      };
      socket.on('data', read);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return peer;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function accepting(request: string): string {
  const key = /sec-websocket-key: (.*)\r\n/i.exec(request)?.[1] ?? '';
  const proof = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`;
}

/** A frame as a server sends it: `first` is FIN, reserved bits and opcode. */
export function frame(first: number, payload: Buffer | string = ''): Buffer {
  const body = Buffer.from(payload);
  const header =
    body.length < 126
      ? Buffer.of(first, body.length)
      : body.length < 65_536
        ? Buffer.of(first, 126, body.length >> 8, body.length & 0xff)
        : Buffer.concat([Buffer.of(first, 127), length64(BigInt(body.length))]);
  return Buffer.concat([header, body]);
}

export function length64(length: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(length);
  return bytes;
}

export const text = (payload: Buffer | string): Buffer => frame(0x81, payload);
export const binary = (payload: Buffer | string): Buffer => frame(0x82, payload);
