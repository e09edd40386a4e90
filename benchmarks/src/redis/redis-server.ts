import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** The Redis to measure on. */
export interface BenchmarkRedis {
  readonly host: string;
  readonly port: number;
  readonly description: string;
  close(): Promise<void>;
}

/** The one of `REDIS_URL`, or a `redis-server` of the PATH on a free port. */
export async function findRedis(): Promise<BenchmarkRedis> {
  if (process.env.REDIS_URL) {
    const { hostname, port } = new URL(process.env.REDIS_URL);
    return { host: hostname, port: Number(port || 6379), description: `Redis at ${hostname}`, close: async () => {} };
  }
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('error', () =>
      reject(new Error('There is no redis-server on the PATH. Install Redis or set REDIS_URL.')),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve();
    });
  });
  return {
    host: '127.0.0.1',
    port,
    description: 'redis-server of the PATH',
    async close() {
      child.kill();
      await ended;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
