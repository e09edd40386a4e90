import net from 'node:net';
import tls from 'node:tls';

/** Why a socket ended that we ended ourselves. */
export const clientClosed = 'the client was closed';

export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  readonly ssl: tls.ConnectionOptions | boolean | null;
  readonly onConnect: () => void;
}

/** Like kafkajs's own, without Nagle's algorithm: a small request must not wait for the answer to the one before. */
export function connectSocket({ host, port, ssl, onConnect }: SocketRequest): net.Socket {
  const socket = ssl
    ? tls.connect(
        { host, port, ...(net.isIP(host) ? {} : { servername: host }), ...(ssl === true ? {} : ssl) },
        onConnect,
      )
    : net.connect({ host, port }, onConnect);
  socket.setKeepAlive(true, 60_000);
  socket.setNoDelay(true);
  return socket;
}

/**
 * The sockets of one cluster. A broker answers the requests of a connection in their order, so one that it never
 * answers blocks all that come after it; kafkajs goes on using the connection, the Java client closes it, as we do.
 */
export class Sockets {
  readonly #open = new Map<string, Set<net.Socket>>();
  readonly #make: (request: SocketRequest) => net.Socket;
  #closed = false;

  constructor(make: (request: SocketRequest) => net.Socket = connectSocket) {
    this.#make = make;
  }

  readonly connect = (request: SocketRequest): net.Socket => {
    if (this.#closed) throw new Error(clientClosed);
    const socket = this.#make(request);
    const address = `${request.host}:${request.port}`;
    const sockets = this.#open.get(address) ?? new Set();
    this.#open.set(address, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#open.get(address) === sockets) this.#open.delete(address);
    });
    return socket;
  };

  /** Cuts the connections to an address; what waits for an answer there fails at once. */
  cut(address: string): void {
    for (const socket of this.#open.get(address) ?? []) {
      socket.destroy(new Error('a request was not answered in time'));
    }
  }

  /** Cuts every connection; what waits for an answer fails at once. */
  cutAll(): void {
    for (const sockets of this.#open.values()) {
      for (const socket of sockets) socket.destroy(new Error(clientClosed));
    }
  }

  /** Cuts every connection and makes no more: kafkajs would go on trying to connect. */
  close(): void {
    this.#closed = true;
    this.cutAll();
  }
}
