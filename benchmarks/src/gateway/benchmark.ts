import type { Benchmark, BenchmarkResult } from '../harness/benchmark.js';
import { packageVersion } from '../harness/package-version.js';
import { type LoadReport, runNaruLoad } from './naru-load.js';

const markets = 500;
const rate = 20_000;
const seconds = 20;
const searchSeconds = 4;
const limitMs = 600_000;

/** The gateway gathers the records of a market for this long, in ms: its default. */
const batchWaitMs = 20;

/** What a gateway would be set to that carries much and may wait: messages of several records. */
const longerWaitMs = 100;

/** From a simulated exchange to Kafka's acknowledgement, everything in processes of its own. One round: it is long. */
export const gatewayBenchmark: Benchmark = {
  description: `the gateway between simulated exchanges and Kafka: ${markets} markets of eleven exchanges, tickers, trades and order books, every tick counted in Kafka afterwards`,
  async run({ progress }) {
    const base = ['--markets', String(markets)];
    const steady = await runNaruLoad([...base, '--rate', String(rate), '--seconds', String(seconds)], limitMs);
    progress(`${rate} ticks/s: ${steady.windows[0]?.problems.join(', ') || 'sustained'}`);
    const search = await runNaruLoad([...base, '--seconds', String(searchSeconds)], limitMs);
    progress(`${search.sustained?.rate ?? 0} ticks/s sustained`);
    const gathered = await runNaruLoad([...base, '--seconds', String(searchSeconds)], limitMs, {
      NARU_BATCH_WAIT_MS: String(longerWaitMs),
    });
    progress(`${gathered.sustained?.rate ?? 0} ticks/s sustained when records are gathered for ${longerWaitMs} ms`);
    const prices = await runNaruLoad([...base, '--kinds', 'ticker,trade', '--seconds', String(searchSeconds)], limitMs);
    progress(`${prices.sustained?.rate ?? 0} tickers and trades a second sustained`);
    return {
      versions: {
        kafkajs: packageVersion('kafkajs') ?? 'unknown',
        broker: steady.broker,
        'node options': steady.machine.node_options,
      },
      results: [
        ...steadyResults(steady),
        highest('all kinds', search),
        highest(`all kinds, gathered for ${longerWaitMs} ms`, gathered),
        highest('tickers and trades', prices),
      ],
    };
  },
};

function steadyResults(report: LoadReport): BenchmarkResult[] {
  const window = report.windows[0]!;
  const { accounts, exact, differences } = report;
  const lost = accounts.conflated + accounts.dropped + accounts.buffered;
  const p99 = window.latency_ms?.p99 ?? Number.NaN;
  const floor = window.floor_ms?.p99 ?? null;
  const at = `at ${rate.toLocaleString('en-US')} ticks/s`;
  return [
    {
      name: `lost ${at}`,
      unit: 'records',
      ours: lost,
      peers: {},
      goal: '0, and what is in Kafka is what was sent, market by market',
      met: lost === 0 && exact,
      ...(exact ? {} : { note: differences[0] ?? '' }),
    },
    {
      name: `receipt to acknowledgement ${at}, p99`,
      unit: 'ms',
      ours: p99,
      peers: { 'kafkajs, one send at a time beside it': floor },
      goal: `≤ ${batchWaitMs} ms of gathering + 3 × kafkajs alone`,
      met: floor === null ? null : p99 <= batchWaitMs + 3 * floor,
    },
    {
      name: `processor time of the gateway ${at}`,
      unit: 'µs per tick',
      ours: window.cpu_us_per_tick.gateway,
      peers: { 'the simulator, per frame': window.cpu_us_per_tick.simulator },
      goal: '≤ 15 µs',
      met: window.cpu_us_per_tick.gateway <= 15,
    },
  ];
}

function highest(what: string, { sustained, exact }: LoadReport): BenchmarkResult {
  return {
    name: `highest sustained rate, ${what}`,
    unit: 'ticks/s',
    ours: sustained?.rate ?? 0,
    peers: {},
    goal: '≥ 50,000 with exchanges, gateway and broker on two cores',
    met: (sustained?.rate ?? 0) >= 50_000 && exact,
    ...(sustained
      ? {
          note: `${sustained.cpu_us_per_tick.gateway} µs a tick in the gateway, ${sustained.cpu_us_per_tick.simulator} in the simulator`,
        }
      : {}),
  };
}
