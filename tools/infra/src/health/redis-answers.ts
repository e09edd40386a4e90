import { connect } from 'node:net';

/** Whether a Redis or Valkey answers PING. */
export function redisAnswers(url: string, timeoutMs = 2000): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379) });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('end', () => finish(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    // A server that wants a password answers -NOAUTH: it is there, and clients bring the password themselves.
    socket.once('data', (bytes) => finish(/^(\+PONG|-NOAUTH)/.test(bytes.toString('latin1'))));
  });
}
