import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startLineProcess } from '../harness/line-process.js';
import { repositoryRoot } from '../harness/repository-root.js';
import type { Contestant, FinalAccounts } from './contestant.js';
import { feed } from './feed.js';

interface Answer {
  readonly totals: FinalAccounts & {
    readonly buffered: number;
    readonly latency: { readonly p50: number; readonly p99: number } | null;
  };
}

/** The gateway as it is shipped: `naru run` with its defaults. */
export const naru: Contestant = {
  topics: feed.kinds.map((kind) => `realtime.${kind}.${feed.region}`),
  takesCommands: true,
  format: 'avro',
  async start({ servers, feed: { host }, prefix }) {
    const gateway = await startLineProcess({
      command: process.execPath,
      args: [join(repositoryRoot(), 'apps/gateway/bin/naru.js'), 'run'],
      env: {
        KAFKA_BROKERS: servers.brokers.join(','),
        SCHEMA_REGISTRY_URL: servers.registry,
        REDIS_URL: servers.redis,
        NARU_TOPIC_PREFIX: prefix,
        NARU_GROUP_ID: `${prefix}gateway`,
        NARU_OPERATIONS_PORT: '0',
        NARU_LOG_LEVEL: 'warn',
        NARU_ALLOWED_HOSTS: host,
        NARU_ALLOW_PRIVATE_ADDRESSES: 'true',
      },
    });
    const { operations } = JSON.parse(gateway.readyLine) as { operations: string };
    const totals = async (): Promise<Answer['totals']> =>
      ((await (await fetch(`${operations}/streams`)).json()) as Answer).totals;
    return {
      pid: gateway.pid,
      async stop() {
        // The feed has ended; what was received is soon acknowledged.
        let now = await totals();
        for (let tries = 0; now.buffered > 0 && tries < 200; tries += 1) {
          await wait(50);
          now = await totals();
        }
        await gateway.stop();
        const { received, acknowledged, dropped, latency } = now;
        return { received, acknowledged, dropped, p50: latency?.p50 ?? null, p99: latency?.p99 ?? null };
      },
    };
  },
};
