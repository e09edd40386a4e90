import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where no common system takes the ports of outgoing connections from: those begin at 32,768 or higher. */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * Distinct free ports of the loopback that stay free while the server that has them is away. A port that the system
 * chose may go to anyone's outgoing connection meanwhile; a client that dials it again and again even meets itself.
 */
export async function restartPorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
