import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askRedis, freePort, type RedisServer, startRedisProcess, startRedisServer, until } from './redis-servers.js';

/** A master with one replica, and a sentinel that promotes the replica when the master does not answer. */
export interface RedisSentinel {
  /** Name under which the sentinel knows the master. */
  readonly name: string;
  readonly address: { readonly host: string; readonly port: number };
  /** The master of the beginning. */
  readonly master: RedisServer;
  readonly replica: RedisServer;
  /** Port of whom the sentinel names as the master now. */
  masterPort(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts them on free ports of the loopback, and waits until the sentinel could fail over. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const name = 'naru';
  const folder = await mkdtemp(join(tmpdir(), 'naru-sentinel-'));
  const servers: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const master = await startRedisServer();
    servers.push(master);
    const replica = await startRedisServer({ settings: ['--replicaof', '127.0.0.1', String(master.port)] });
    servers.push(replica);
    await until(async () => (await askRedis(replica.port, 'INFO replication')).includes('master_link_status:up'));
    const port = await freePort();
    const settings = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${name} 500`,
      `sentinel failover-timeout ${name} 3000`,
    ];
    const file = join(folder, 'sentinel.conf');
    await writeFile(file, `${settings.join('\n')}\n`);
    servers.push(await startRedisProcess(port, [file, '--sentinel'], '+monitor master'));
    await until(async () =>
      (await askRedis(port, `SENTINEL REPLICAS ${name}`)).includes('master-link-status\r\n$2\r\nok'),
    );
    return {
      name,
      address: { host: '127.0.0.1', port },
      master,
      replica,
      async masterPort() {
        const answer = await askRedis(port, `SENTINEL GET-MASTER-ADDR-BY-NAME ${name}`);
        return Number(answer.trim().split('\r\n').at(-1));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
