import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describeUnlessMissing } from './describe-unless-missing.js';
import { realServices } from './real-services.js';

/** A Redis of a test's own, which it may stop, freeze and empty. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** SIGSTOP: the kernel still accepts connections, nobody answers. */
  freeze(): void;
  thaw(): void;
  /** Ends it at once and waits until it has ended; a second call does nothing. Its data goes with it. */
  stop(): Promise<void>;
}

/** A numbered database of the real Redis (`REDIS_URL`), so that a suite may flush it beside others. */
export function redisDatabase(database: number): string {
  const url = new URL(realServices.redis ?? 'redis://127.0.0.1:6379');
  url.pathname = `/${database}`;
  return url.href;
}

function findRedisServer(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, 'redis-server'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A suite that starts Redis servers of its own. Skipped, or failing with `NARU_REQUIRE_REAL=1`, when there is no `redis-server`. */
export function describeRedisServer(title: string, body: () => void): void {
  const missing = {
    what: 'redis-server on the PATH',
    howToGet: 'install Redis 7, for example with "apt-get install redis-server"',
  };
  describeUnlessMissing(title, findRedisServer() ? undefined : missing, body);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Starts `redis-server` on a free port of the loopback and waits until it accepts connections. Nothing is persisted. */
export async function startRedisServer(
  options: { readonly port?: number; readonly settings?: readonly string[] } = {},
): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'naru-redis-'));
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const child = spawn('redis-server', [...settings, ...(options.settings ?? [])], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  try {
    await isReady(child);
  } catch (error) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_096);
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
}

/** Sends one line to a Redis and answers the first part of what comes back. */
function command(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`));
    socket.once('error', reject);
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
  });
}

/** Three masters that share the slots, without replicas. */
export async function startRedisCluster(): Promise<{ readonly nodes: readonly RedisServer[]; stop(): Promise<void> }> {
  const nodes: RedisServer[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    const busPorts = [await freePort(), await freePort(), await freePort()];
    for (const busPort of busPorts) {
      nodes.push(await startRedisServer({ settings: ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)] }));
    }
    const ranges = ['0 5460', '5461 10922', '10923 16383'];
    for (const [at, node] of nodes.entries()) {
      await command(node.port, `CLUSTER ADDSLOTSRANGE ${ranges[at]}`);
      if (at > 0) await command(nodes[0]!.port, `CLUSTER MEET 127.0.0.1 ${node.port} ${busPorts[at]}`);
    }
    const agreed = async (node: RedisServer): Promise<boolean> => {
      const info = await command(node.port, 'CLUSTER INFO');
      return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
    };
    for (const node of nodes) while (!(await agreed(node))) await new Promise((resolve) => setTimeout(resolve, 20));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}
