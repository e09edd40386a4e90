import type { Socket } from 'node:net';

/** Ends a connection with RST and nothing before it. Node's own `resetAndDestroy` sends FIN first, which reads as an orderly end. */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed || socket.connecting) {
    socket.destroy();
    return;
  }
  socket.destroySoon = () => socket.destroy();
  socket.resetAndDestroy();
}
