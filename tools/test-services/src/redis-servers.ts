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

/** A port of the loopback that nobody listened on a moment ago. */
export function freePort(): Promise<number> {
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
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--repl-diskless-sync-delay',
    '0',
    '--dir',
    folder,
  ];
  try {
    const server = await startRedisProcess(port, [...settings, ...(options.settings ?? [])]);
    return { ...server, stop: () => server.stop().then(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** Runs `redis-server` with these arguments until its output says that it is ready. */
export async function startRedisProcess(
  port: number,
  args: readonly string[],
  readyText = 'Ready to accept connections',
): Promise<RedisServer> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()));
  try {
    await isReady(child, readyText);
  } catch (error) {
    child.kill('SIGKILL');
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
    },
  };
}

function isReady(child: ChildProcess, readyText: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_096);
      if (output.includes(readyText)) resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
}

/** Sends one line to a Redis and answers the first part of what comes back. */
export function askRedis(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`));
    socket.once('error', reject);
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(chunk.toString());
    });
  });
}

/** Masters that share the slots, each followed by its replica where there are any. */
export interface RedisCluster {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/**
 * Three masters, and with `replicas` one replica of each after them, in the same order. A master that does not answer
 * for two seconds is replaced by its replica.
 */
export async function startRedisCluster(options: { readonly replicas?: boolean } = {}): Promise<RedisCluster> {
  const nodes: RedisServer[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())));
  const size = options.replicas ? 6 : 3;
  try {
    const busPorts: number[] = [];
    while (busPorts.length < size) busPorts.push(await freePort());
    const settings = [
      '--cluster-enabled',
      'yes',
      '--cluster-node-timeout',
      '2000',
      '--cluster-replica-validity-factor',
      '0',
    ];
    for (const busPort of busPorts) {
      nodes.push(await startRedisServer({ settings: [...settings, '--cluster-port', String(busPort)] }));
    }
    const [first, ...others] = nodes;
    for (const [at, range] of ['0 5460', '5461 10922', '10923 16383'].entries()) {
      await askRedis(nodes[at]!.port, `CLUSTER ADDSLOTSRANGE ${range}`);
    }
    for (const [at, { port }] of others.entries()) {
      await askRedis(first!.port, `CLUSTER MEET 127.0.0.1 ${port} ${busPorts[at + 1]}`);
    }
    for (const { port } of nodes) {
      await until(async () => {
        const info = await askRedis(port, 'CLUSTER INFO');
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}`);
      });
    }
    for (const [at, { port }] of nodes.slice(3).entries()) {
      const id = (await askRedis(nodes[at]!.port, 'CLUSTER MYID')).split('\r\n')[1];
      await until(async () => (await askRedis(port, `CLUSTER REPLICATE ${id}`)).startsWith('+OK'));
      await until(async () => (await askRedis(port, 'INFO replication')).includes('master_link_status:up'));
    }
    // Whoever asks any node is to hear of the replicas.
    for (const { port } of nodes) {
      await until(async () => (await askRedis(port, 'CLUSTER NODES')).split('slave ').length === size - 2);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}

/** Looks again and again, for what no server announces. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
