import { startRedisSentinel } from './redis-sentinel.js';
import { askRedis, type RedisServer, startRedisCluster } from './redis-servers.js';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** A Redis with somebody to take over when the master of a key does not answer. */
export interface RedisWithStandby {
  /** How clients find it: one of the two. */
  readonly connection:
    | { readonly sentinel: { readonly addresses: readonly Address[]; readonly master: string } }
    | { readonly cluster: readonly Address[] };
  /** Who keeps the key at the beginning. */
  readonly master: RedisServer;
  /** Who keeps it after that. */
  readonly standby: RedisServer;
  /** Ends all of them, also a frozen one. */
  stop(): Promise<void>;
}

/** The ways to have a standby, by their names in titles of tests. */
export const redisWithStandby: Readonly<Record<string, (key: string) => Promise<RedisWithStandby>>> = {
  async 'behind sentinels'() {
    const { address, name, master, replica, stop } = await startRedisSentinel();
    return { connection: { sentinel: { addresses: [address], master: name } }, master, standby: replica, stop };
  },
  async 'on a Redis Cluster'(key) {
    const { nodes, stop } = await startRedisCluster({ replicas: true });
    const slot = Number((await askRedis(nodes[0]!.port, `CLUSTER KEYSLOT ${key}`)).slice(1));
    const at = slot < 5_461 ? 0 : slot < 10_923 ? 1 : 2;
    const cluster = nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
    return { connection: { cluster }, master: nodes[at]!, standby: nodes[at + 3]!, stop };
  },
};
