import { createKafkaAdmin, createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';
import type { Benchmark, BenchmarkContext, BenchmarkResult } from '../harness/benchmark.js';
import { measureInChild } from '../harness/child-measurement.js';
import { packageVersion } from '../harness/package-version.js';
import { alternate, median } from '../harness/rounds.js';
import { findBrokers } from './brokers.js';
import { type KafkaMeasurement, type KafkaTask, keyOf, valuesOf } from './task.js';

const PARTITIONS = 6;
const DURATION_MS = 1_500;
const RECORDS_TO_CONSUME = 300_000;

type Medians = Readonly<
  Record<string, { readonly rate: number; readonly cpuMicros: number; readonly p50: number } | null>
>;

export const kafkaBenchmark: Benchmark = {
  description: 'producing and consuming, ours beside stock kafkajs; 50 keys, 6 partitions, acks all',
  async run(context) {
    const brokers = await findBrokers();
    context.progress(brokers.description);
    try {
      const results = await measureAll(context, brokers.addresses);
      return {
        versions: { broker: brokers.description, kafkajs: packageVersion('kafkajs') ?? 'unknown' },
        results,
      };
    } finally {
      await brokers.close();
    }
  },
};

async function measureAll(context: BenchmarkContext, brokers: readonly string[]): Promise<BenchmarkResult[]> {
  const transport = createKafkaTransport({ brokers });
  await using admin = createKafkaAdmin({ transport });
  const run = Date.now().toString(36);
  const topicOf = async (name: string): Promise<string> => {
    const topic = `bench-${run}-${name}`;
    await admin.ensureTopics([{ topic, partitions: PARTITIONS, replication: 1 }]);
    return topic;
  };
  const measure = async (
    task: Omit<KafkaTask, 'brokers' | 'contestant'>,
    contestants: readonly string[],
  ): Promise<Medians> => {
    const rounds = await alternate<KafkaMeasurement>(
      context.rounds,
      Object.fromEntries(
        contestants.map((contestant) => [
          contestant,
          () =>
            measureInChild<KafkaMeasurement>(new URL('./measure.js', import.meta.url), {
              ...task,
              brokers,
              contestant,
            }),
        ]),
      ),
      (round, contestant, result) =>
        context.progress(
          `${task.work} ${task.valueBytes} B ${task.compression}, round ${round + 1}, ${contestant}: ` +
            `${Math.round(result?.rate ?? 0).toLocaleString('en-US')}/s, ${result?.cpuMicros.toFixed(1)} µs CPU`,
        ),
    );
    return Object.fromEntries(
      Object.entries(rounds).map(([contestant, all]) => [
        contestant,
        all.length === 0
          ? null
          : {
              rate: median(all.map(({ rate }) => rate))!,
              cpuMicros: median(all.map(({ cpuMicros }) => cpuMicros))!,
              p50: median(all.map(({ p50 }) => p50))!,
            },
      ]),
    );
  };

  const results: BenchmarkResult[] = [];
  for (const [label, valueBytes] of [
    ['200 B', 200],
    ['2.6 KB', 2_600],
  ] as const) {
    const topic = await topicOf(`produce-${valueBytes}`);
    const medians = await measure(
      { topic, work: 'produce', valueBytes, compression: 'none', durationMs: DURATION_MS },
      ['naru', 'naruPlain', 'sendBatch', 'concurrentSends'],
    );
    const ours = medians.naru!;
    const rateOf = (name: string): number | null => medians[name]?.rate ?? null;
    const peers = {
      'kafkajs sendBatch of 500': rateOf('sendBatch'),
      'kafkajs 1,000 concurrent send': rateOf('concurrentSends'),
      'ours, not idempotent': rateOf('naruPlain'),
    };
    results.push({
      name: `produce ${label}`,
      unit: 'messages/s',
      ours: ours.rate,
      peers,
      goal: '≥ 4 × kafkajs sendBatch and ≥ 20 × its 1,000 concurrent send',
      met: ours.rate >= 4 * medians.sendBatch!.rate && ours.rate >= 20 * medians.concurrentSends!.rate,
    });
    if (valueBytes === 200) {
      results.push({
        name: `produce ${label}, CPU`,
        unit: 'µs per message',
        ours: ours.cpuMicros,
        peers: {
          'kafkajs sendBatch of 500': medians.sendBatch!.cpuMicros,
          'kafkajs 1,000 concurrent send': medians.concurrentSends!.cpuMicros,
        },
        goal: '≤ 4 µs per message',
        met: ours.cpuMicros <= 4,
      });
    }
  }

  const latencyTopic = await topicOf('latency');
  const latency = await measure(
    { topic: latencyTopic, work: 'latency', valueBytes: 200, compression: 'none', durationMs: DURATION_MS },
    ['naru', 'oneByOne'],
  );
  results.push({
    name: 'one message at a time, median',
    unit: 'ms',
    ours: latency.naru!.p50,
    peers: { 'kafkajs await send': latency.oneByOne!.p50 },
    goal: "≤ 1.1 × kafkajs's",
    met: latency.naru!.p50 <= 1.1 * latency.oneByOne!.p50,
  });

  const consumeTopic = await topicOf('consume');
  context.progress(`filling ${consumeTopic} with ${RECORDS_TO_CONSUME.toLocaleString('en-US')} records`);
  await fill(brokers, consumeTopic);
  const consumed = await measure(
    {
      topic: consumeTopic,
      work: 'consume',
      valueBytes: 200,
      compression: 'none',
      durationMs: 0,
      records: RECORDS_TO_CONSUME,
    },
    ['naru', 'oneByOne'],
  );
  results.push({
    name: 'consume 200 B',
    unit: 'messages/s',
    ours: consumed.naru!.rate,
    peers: { 'kafkajs eachMessage': consumed.oneByOne!.rate },
    goal: '≥ 2 × kafkajs',
    met: consumed.naru!.rate >= 2 * consumed.oneByOne!.rate,
  });
  return results;
}

async function fill(brokers: readonly string[], topic: string): Promise<void> {
  await using producer = createKafkaProducer({
    transport: createKafkaTransport({ brokers }),
    lingerMs: 5,
    maxQueuedMessages: 50_000,
  });
  await producer.connect();
  const values = valuesOf(200);
  for (let index = 0; index < RECORDS_TO_CONSUME; index += 1) {
    await producer.send({ topic, key: keyOf(index), value: values[index % values.length]! });
  }
  await producer.flush();
}
