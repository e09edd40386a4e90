import { createKafkaAdmin, createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';
import type { Benchmark, BenchmarkContext, BenchmarkResult } from '../harness/benchmark.js';
import { measureInChild } from '../harness/child-measurement.js';
import { packageVersion } from '../harness/package-version.js';
import { alternate, median, spreadOf } from '../harness/rounds.js';
import { startEmbedded, startedByInfra } from '../kafka/brokers.js';
import { type KafkaMeasurement, type KafkaTask, keyOf, valuesOf } from '../kafka/task.js';

const PARTITIONS = 6;
const DURATION_MS = 1500;
const START_GOAL_MS = 50;

/** What stock kafkajs does to a broker; the broker is what differs. */
const works = [
  { name: 'produce 200 B', work: 'produce', contestant: 'sendBatch', valueBytes: 200 },
  { name: 'produce 2.6 KB', work: 'produce', contestant: 'sendBatch', valueBytes: 2600 },
  { name: 'fetch 200 B', work: 'consume', contestant: 'oneByOne', valueBytes: 200, records: 100_000 },
  { name: 'fetch 2.6 KB', work: 'consume', contestant: 'oneByOne', valueBytes: 2600, records: 20_000 },
] as const;

type Work = (typeof works)[number];

/** The embedded broker beside a real one, as the same kafkajs client sees them, each broker in a process of its own. */
export const embeddedKafkaBenchmark: Benchmark = {
  description: 'the embedded broker beside a real one, with the same kafkajs client; 6 partitions, acks all',
  async run(context) {
    const embedded = await startEmbedded();
    const real = (process.env.KAFKA_BROKERS ?? startedByInfra())?.split(',');
    try {
      const results = [await startResult(context)];
      for (const work of works) results.push(await compare(context, work, embedded.addresses, real));
      return {
        versions: { kafkajs: packageVersion('kafkajs') ?? 'unknown', 'real broker': real?.join(',') ?? 'none' },
        results,
      };
    } finally {
      await embedded.close();
    }
  },
};

async function startResult({ rounds }: BenchmarkContext): Promise<BenchmarkResult> {
  const script = new URL('./start.js', import.meta.url);
  const measured = await alternate(rounds, { ours: () => measureInChild<{ startMs: number }>(script, {}) });
  const times = measured.ours!.map(({ startMs }) => startMs);
  const ours = median(times)!;
  return {
    name: 'start until a client is connected',
    unit: 'ms',
    ours,
    spread: spreadOf(times)!,
    peers: {},
    goal: `< ${START_GOAL_MS} ms`,
    met: ours < START_GOAL_MS,
  };
}

async function compare(
  context: BenchmarkContext,
  work: Work,
  embedded: readonly string[],
  real: readonly string[] | undefined,
): Promise<BenchmarkResult> {
  const ours = await prepare(embedded, work);
  const theirs = real && (await prepare(real, work));
  const measured = await alternate<KafkaMeasurement>(
    context.rounds,
    { ours: () => measure(ours), real: async () => (theirs ? measure(theirs) : null) },
    (round, broker, result) =>
      context.progress(`${work.name}, round ${round + 1}, ${broker}: ${Math.round(result?.rate ?? 0)}/s`),
  );
  const rateOf = (all: readonly KafkaMeasurement[]): number | null => median(all.map(({ rate }) => rate));
  const rate = rateOf(measured.ours!)!;
  const realRate = rateOf(measured.real!);
  return {
    name: work.name,
    unit: 'messages/s',
    ours: rate,
    spread: spreadOf(measured.ours!.map((one) => one.rate))!,
    peers: { 'Apache Kafka': realRate },
    goal: 'faster than the real broker',
    met: realRate === null ? null : rate > realRate,
  };
}

function measure(task: KafkaTask): Promise<KafkaMeasurement> {
  return measureInChild<KafkaMeasurement>(new URL('../kafka/measure.js', import.meta.url), task);
}

/** Makes a topic of its own, filled when it is to be read. */
async function prepare(brokers: readonly string[], { name: _, ...work }: Work): Promise<KafkaTask> {
  const topic = `bench-${Date.now().toString(36)}-${work.work}-${work.valueBytes}`;
  const transport = createKafkaTransport({ brokers });
  await using admin = createKafkaAdmin({ transport });
  await admin.ensureTopics([{ topic, partitions: PARTITIONS, replication: 1 }]);
  if (work.work === 'consume') {
    await using producer = createKafkaProducer({ transport, lingerMs: 5, maxQueuedMessages: 50_000 });
    await producer.connect();
    const values = valuesOf(work.valueBytes);
    for (let index = 0; index < work.records; index += 1) {
      await producer.send({ topic, key: keyOf(index), value: values[index % values.length]! });
    }
    await producer.flush();
  }
  return { ...work, brokers, topic, compression: 'none', durationMs: DURATION_MS };
}
