import { CircuitRejection, createCircuitBreaker } from '@naru/circuit-breaker';
import { connectBreakerRedis, createRedisBreakerStore } from '@naru/circuit-breaker/redis';
import { ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import { Redis } from 'ioredis';
import OpossumBreaker from 'opossum';

/** What is measured in one process. */
export interface BreakerTask {
  readonly contestant: 'naru' | 'naruShared' | 'cockatiel' | 'opossum' | 'plainRejection' | 'stacklessRejection';
  readonly work: 'closed' | 'open';
  readonly redisUrl: string;
}

export interface BreakerMeasurement {
  /** Of processor time: what else the machine does meanwhile matters less. */
  readonly nanosPerCall: number;
  /** Commands that Redis counted while closed calls were made. */
  readonly redisCommands: number;
}

interface Contestant {
  /** One call, which succeeds while closed and rejects while open. */
  call(): Promise<unknown>;
  close(): Promise<void>;
}

const works = async (): Promise<string> => 'ok';
const fails = async (): Promise<never> => {
  throw new Error('down');
};

/**
 * What refusing costs without a breaker: the same error with its own text and time, thrown by an async function and
 * caught by whoever awaits it, as breakers' calls are.
 */
async function throwRejection(): Promise<never> {
  const retryAfterMs = Math.ceil(performance.now());
  throw new CircuitRejection(`The circuit x is open. Retry in ${retryAfterMs} ms.`, {
    code: 'circuit_open',
    retryable: true,
    retryAfterMs,
  });
}

async function create({ contestant, work, redisUrl }: BreakerTask): Promise<Contestant> {
  const open = work === 'open';
  switch (contestant) {
    case 'naru':
    case 'naruShared': {
      const shared = contestant === 'naruShared';
      const redis = shared ? await connectBreakerRedis({ url: redisUrl }) : undefined;
      const name = `bench-${process.pid}`;
      // The poll is once a second whatever is called; left out here so that commands of calls can be counted.
      const breaker = createCircuitBreaker({
        name,
        pollMs: 3_600_000,
        ...(redis ? { store: createRedisBreakerStore({ redis }) } : {}),
      });
      await breaker.start();
      if (open) for (let time = 0; time < 5; time++) await breaker.execute(fails).catch(() => {});
      return {
        call: () => breaker.execute(works),
        async close() {
          await breaker.close();
          await redis?.close();
        },
      };
    }
    case 'cockatiel': {
      const breaker = circuitBreaker(handleAll, { halfOpenAfter: 60_000, breaker: new ConsecutiveBreaker(5) });
      if (open) for (let time = 0; time < 5; time++) await breaker.execute(fails).catch(() => {});
      return { call: () => breaker.execute(works), close: async () => {} };
    }
    case 'opossum': {
      const breaker = new OpossumBreaker(works, { timeout: false, resetTimeout: 60_000 });
      if (open) breaker.open();
      return { call: () => breaker.fire(), close: async () => breaker.shutdown() };
    }
    case 'plainRejection':
      return { call: throwRejection, close: async () => {} };
    case 'stacklessRejection': {
      // Without a stack, as ours: then what is left is the error and its text. For the whole process, so it costs nothing.
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 0;
      return {
        call: throwRejection,
        async close() {
          Error.stackTraceLimit = limit;
        },
      };
    }
  }
}

async function commandsOf(redis: Redis): Promise<number> {
  const stats = await redis.info('commandstats');
  // The question itself is counted as well, and is left out.
  return [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)]
    .filter(([, command]) => command !== 'info')
    .reduce((sum, [, , calls]) => sum + Number(calls), 0);
}

async function measure(task: BreakerTask): Promise<BreakerMeasurement> {
  const contestant = await create(task);
  const redis = new Redis(task.redisUrl);
  const calls = task.work === 'closed' ? 500_000 : 100_000;
  const run = async (count: number): Promise<void> => {
    for (let at = 0; at < count; at++) {
      if (task.work === 'closed') await contestant.call();
      else await contestant.call().catch(() => {});
    }
  };
  await run(calls / 5);
  const before = await commandsOf(redis);
  const begun = process.cpuUsage();
  await run(calls);
  const { user, system } = process.cpuUsage(begun);
  const nanosPerCall = ((user + system) * 1_000) / calls;
  const redisCommands = (await commandsOf(redis)) - before;
  redis.disconnect();
  await contestant.close();
  return { nanosPerCall, redisCommands };
}

if (process.argv[2]) {
  const measured = await measure(JSON.parse(process.argv[2]) as BreakerTask);
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
