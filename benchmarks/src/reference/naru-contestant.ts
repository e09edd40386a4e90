import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '../harness/repository-root.js';
import type { Accounts, Contestant } from './contestant.js';
import { feed } from './feed.js';

/** What `naru load` measures too: the gateway of `naru run`, and figures about itself when it is asked. */
const script = join(repositoryRoot(), 'apps/gateway/dist/load/gateway-main.js');

/** What the gateway's README advises under load; Node takes it only when it starts. */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=64'];

interface Figures {
  readonly accounts: Omit<Accounts, 'p50' | 'p99'>;
  readonly latency: { readonly p50: number; readonly p99: number } | null;
}

/** The gateway with its own defaults, but for how it packs its batches. */
export const naru = (compression: 'lz4' | 'none'): Contestant => ({
  topics: feed.kinds.map((kind) => `realtime.${kind}.${feed.region}`),
  takesCommands: true,
  format: 'avro',
  async start({ servers, feed: { host }, prefix }) {
    const gateway = fork(script, {
      execArgv: [...nodeOptions],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: {
        ...process.env,
        KAFKA_BROKERS: servers.brokers.join(','),
        SCHEMA_REGISTRY_URL: servers.registry,
        REDIS_URL: servers.redis,
        NARU_TOPIC_PREFIX: prefix,
        NARU_GROUP_ID: `${prefix}gateway`,
        NARU_OPERATIONS_PORT: '0',
        NARU_LOG_LEVEL: 'error',
        NARU_ALLOWED_HOSTS: host,
        NARU_ALLOW_PRIVATE_ADDRESSES: 'true',
        NARU_COMPRESSION: compression,
      },
    });
    const exited = once(gateway, 'exit');
    const ended = exited.then(([code]) => Promise.reject(new Error(`The gateway ended with ${code}.`)));
    ended.catch(() => {});
    // Its first line says that it is ready.
    await Promise.race([once(gateway.stdout!, 'data'), ended]);
    gateway.stdout!.resume();
    let lastId = 0;
    const ask = async (question: 'figures' | 'mark'): Promise<unknown> => {
      lastId += 1;
      const id = lastId;
      gateway.send({ id, ask: question });
      for (;;) {
        const [message] = (await Promise.race([once(gateway, 'message'), ended])) as [{ id: number; answer: unknown }];
        if (message.id === id) return message.answer;
      }
    };
    return {
      pid: gateway.pid!,
      mark: async () => void (await ask('mark')),
      async accounts() {
        const { accounts, latency } = (await ask('figures')) as Figures;
        const { received, acknowledged, conflated, dropped } = accounts;
        return { received, acknowledged, conflated, dropped, p50: latency?.p50 ?? null, p99: latency?.p99 ?? null };
      },
      async stop() {
        gateway.kill('SIGTERM');
        await exited;
      },
    };
  },
});
