import type { BenchmarkContext, BenchmarkResult } from '../harness/benchmark.js';
import { measureInChild } from '../harness/child-measurement.js';
import { alternate, median, spreadOf } from '../harness/rounds.js';
import type { BreakerMeasurement, BreakerTask } from './breaker-contestants.js';

type Contestant = BreakerTask['contestant'];

/** What a breaker costs a call that it lets through, and one that it does not. */
export async function measureCalls(context: BenchmarkContext, redisUrl: string): Promise<BenchmarkResult[]> {
  const measure = async (work: BreakerTask['work'], contestants: readonly Contestant[]) => {
    const script = new URL('./breaker-contestants.js', import.meta.url);
    const rounds = await alternate<BreakerMeasurement>(
      context.rounds,
      Object.fromEntries(
        contestants.map((contestant) => [contestant, () => measureInChild(script, { contestant, work, redisUrl })]),
      ),
      (round, name, result) =>
        context.progress(`${work} call, round ${round + 1}, ${name}: ${Math.round(result?.nanosPerCall ?? 0)} ns`),
    );
    const nanos = (name: Contestant): number => median(rounds[name]!.map(({ nanosPerCall }) => nanosPerCall))!;
    const commands = (name: Contestant): number => Math.max(...rounds[name]!.map(({ redisCommands }) => redisCommands));
    const spread = (name: Contestant): [number, number] => spreadOf(rounds[name]!.map((each) => each.nanosPerCall))!;
    return { nanos, commands, spread };
  };

  const closed = await measure('closed', ['naru', 'naruShared', 'cockatiel', 'opossum']);
  const open = await measure('open', ['naru', 'stacklessRejection', 'plainRejection', 'cockatiel', 'opossum']);
  const closedPeers = { cockatiel: closed.nanos('cockatiel'), opossum: closed.nanos('opossum') };
  const closedResult = (name: string, contestant: Contestant): BenchmarkResult => {
    const ours = closed.nanos(contestant);
    return {
      name,
      unit: 'ns of CPU per call',
      ours,
      spread: closed.spread(contestant),
      peers: closedPeers,
      goal: "≤ 1.5 × cockatiel's and ≤ opossum's",
      met: ours <= 1.5 * closedPeers.cockatiel && ours <= closedPeers.opossum,
    };
  };
  const commands = closed.commands('naruShared');
  const rejection = open.nanos('naru');
  const least = open.nanos('stacklessRejection');
  return [
    closedResult('closed call, circuit in memory', 'naru'),
    closedResult('closed call, circuit in Redis', 'naruShared'),
    {
      name: 'Redis commands of 500,000 closed calls',
      unit: 'commands',
      ours: commands,
      peers: {},
      goal: '0',
      met: commands === 0,
    },
    {
      name: 'rejection while open',
      unit: 'ns of CPU per call',
      ours: rejection,
      spread: open.spread('naru'),
      peers: {
        'an async function that throws the same error without a stack': least,
        'that throws it with one': open.nanos('plainRejection'),
        cockatiel: open.nanos('cockatiel'),
        opossum: open.nanos('opossum'),
      },
      goal: '≤ 1,000 ns more than an async function that throws the same error without a stack',
      met: rejection <= least + 1_000,
    },
  ];
}
