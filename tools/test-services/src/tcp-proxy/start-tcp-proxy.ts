import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Lane } from './lane.js';
import { resetSocket } from './reset-socket.js';
import type { Toxics } from './toxics.js';

export interface TcpProxyOptions {
  /** Where connections are carried to. */
  readonly target: { readonly host?: string; readonly port: number };
  /** The port to listen on, of the loopback. Default a free one. */
  readonly port?: number;
}

/** A network between a client and a server that a test can spoil. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** `127.0.0.1:port`, for clients. */
  readonly address: string;
  /** Connections open now. */
  readonly connections: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  /** Bytes carried so far, up to the server and down from it. */
  readonly carried: { readonly up: number; readonly down: number };
  /** Replaces what is done to the bytes that pass; `{}` heals everything. Open connections feel it at once. */
  spoil(toxics: Toxics): void;
  /** Resets connections on both sides, all of them or one chosen by `pick` among those open. Answers how many. */
  cut(pick?: (open: number) => number): number;
  /** Resets everything and listens no more. */
  close(): Promise<void>;
}

interface Connection {
  readonly lanes: readonly Lane[];
  reset(): void;
}

/** Starts a proxy on the loopback. A server whose clients learn its address from itself must advertise the proxy's. */
export async function startTcpProxy({ target, port = 0 }: TcpProxyOptions): Promise<TcpProxy> {
  const open = new Set<Connection>();
  const carried = { up: 0, down: 0 };
  let toxics: Toxics = {};
  let accepted = 0;

  const carry = (client: Socket): void => {
    const server = connect({ host: target.host ?? '127.0.0.1', port: target.port, allowHalfOpen: true, noDelay: true });
    let down = 0;
    const connection: Connection = {
      lanes: [
        new Lane(
          client,
          server,
          () => toxics,
          (bytes) => {
            carried.up += bytes;
          },
        ),
        new Lane(
          server,
          client,
          () => toxics,
          (bytes) => {
            carried.down += bytes;
            down += bytes;
            if (down >= (toxics.cutAfterBytes ?? Number.POSITIVE_INFINITY)) connection.reset();
          },
        ),
      ],
      reset() {
        open.delete(connection);
        resetSocket(client);
        resetSocket(server);
      },
    };
    open.add(connection);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => connection.reset());
      socket.once('close', () => {
        if (other.destroyed) open.delete(connection);
        // A server that is gone is gone for its client too.
        else if (!socket.readableEnded) connection.reset();
      });
    }
  };

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    accepted += 1;
    if (toxics.refusing) resetSocket(client);
    else carry(client);
  });
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const { port: own } = listener.address() as AddressInfo;

  const proxy: TcpProxy = {
    port: own,
    address: `127.0.0.1:${own}`,
    get connections() {
      return open.size;
    },
    get accepted() {
      return accepted;
    },
    get carried() {
      return { ...carried };
    },
    spoil(next) {
      toxics = { ...next };
      for (const { lanes } of open) for (const lane of lanes) lane.look();
    },
    cut(pick) {
      const all = [...open];
      const chosen = pick ? all.slice(pick(all.length)).slice(0, 1) : all;
      for (const connection of chosen) connection.reset();
      return chosen.length;
    },
    async close() {
      const closed = listener.listening ? once(listener, 'close') : undefined;
      listener.close();
      proxy.cut();
      await closed;
    },
    [Symbol.asyncDispose]: () => proxy.close(),
  };
  return proxy;
}
