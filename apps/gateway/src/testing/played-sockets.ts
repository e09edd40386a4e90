import type { Dial, SocketHandlers } from '../streams/dial.js';

/** A socket that was dialled, whose other side the test plays. */
export interface PlayedSocket {
  readonly url: URL;
  readonly sent: string[];
  readonly handlers: SocketHandlers;
  closed: boolean;
  pings: number;
  /** The other side ends it. */
  breakOff(): void;
}

/** Dials without a network; `sockets` has every one that was opened, oldest first. */
export function playSockets(): { readonly sockets: PlayedSocket[]; readonly dial: Dial } {
  const sockets: PlayedSocket[] = [];
  const dial: Dial = async (url, handlers) => {
    const close = (code: number): void => {
      if (socket.closed) return;
      socket.closed = true;
      handlers.onClose(code, '');
    };
    /** What the other side sends before the socket is started. */
    let held: Buffer[] | undefined = [];
    const onMessage = (data: Buffer): void => {
      if (held) held.push(data);
      else handlers.onMessage(data);
    };
    const socket: PlayedSocket = {
      url,
      sent: [],
      handlers: { ...handlers, onMessage },
      closed: false,
      pings: 0,
      breakOff: () => close(1006),
    };
    sockets.push(socket);
    return {
      start() {
        const early = held ?? [];
        held = undefined;
        for (const data of early) handlers.onMessage(data);
      },
      send: (data) => void socket.sent.push(String(data)),
      ping: () => {
        socket.pings += 1;
      },
      bufferedBytes: 0,
      close: () => close(1000),
      // Whoever drops a socket hears of its end later, as with a real one.
      terminate: () => {
        if (socket.closed) return;
        socket.closed = true;
        queueMicrotask(() => handlers.onClose(1006, ''));
      },
    };
  };
  return { sockets, dial };
}
