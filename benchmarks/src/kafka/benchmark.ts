import { createKafkaAdmin, createKafkaProducer, createKafkaTransport } from '@naru/kafka-clients';
import type { Benchmark, BenchmarkContext, BenchmarkResult } from '../harness/benchmark.js';
import { packageVersion } from '../harness/package-version.js';
import { findBrokers } from './brokers.js';
import { HOW_TO_GET_CONFLUENT, loadConfluent } from './confluent-contestant.js';
import { findPlatformatic, HOW_TO_GET_PLATFORMATIC } from './find-platformatic.js';
import { type Medians, measure } from './measurements.js';
import { type KafkaTask, keyOf, valuesOf } from './task.js';

const PARTITIONS = 6;
const DURATION_MS = 1_500;
/** Long enough that the one collection of what the start left behind is a part of it and not the whole. */
const IDLE_MS = 60_000;
const RECORDS_TO_CONSUME = 300_000;
const PRODUCERS = ['naru', 'naruPlain', 'sendBatch', 'concurrentSends', 'platformatic', 'confluent', 'python'] as const;

export const kafkaBenchmark: Benchmark = {
  description: 'producing and consuming beside other clients; 50 keys, 6 partitions, acks all',
  async run(context) {
    const brokers = await findBrokers();
    context.progress(brokers.description);
    try {
      const results = await measureAll(context, brokers.addresses);
      const platformatic = findPlatformatic();
      const confluent = loadConfluent();
      return {
        versions: {
          broker: brokers.description,
          kafkajs: packageVersion('kafkajs') ?? 'unknown',
          '@platformatic/kafka': platformatic
            ? `${platformatic.version} on Node ${platformatic.nodeVersion}`
            : 'not installed',
          '@confluentinc/kafka-javascript': confluent
            ? `${packageVersion('@confluentinc/kafka-javascript') ?? 'unknown'} on librdkafka ${confluent.librdkafkaVersion}`
            : 'not installed',
        },
        results,
      };
    } finally {
      await brokers.close();
    }
  },
};

/** What every task of one run shares. */
type CommonTask = Pick<KafkaTask, 'brokers' | 'durationMs'>;

async function measureAll(context: BenchmarkContext, brokers: readonly string[]): Promise<BenchmarkResult[]> {
  const transport = createKafkaTransport({ brokers });
  await using admin = createKafkaAdmin({ transport });
  const run = Date.now().toString(36);
  const topicOf = async (name: string): Promise<string> => {
    const topic = `bench-${run}-${name}`;
    await admin.ensureTopics([{ topic, partitions: PARTITIONS, replication: 1 }]);
    return topic;
  };
  const common: CommonTask = { brokers, durationMs: DURATION_MS };
  const results: BenchmarkResult[] = [];
  for (const compression of ['none', 'lz4'] as const) {
    for (const valueBytes of [200, 2_600]) {
      const topic = await topicOf(`produce-${compression}-${valueBytes}`);
      const task = { ...common, topic, work: 'produce', valueBytes, compression } as const;
      results.push(...produceResults(await measure(context, task, PRODUCERS), valueBytes, compression));
    }
  }
  results.push(await latencyResult(context, common, await topicOf('latency')));
  results.push(await consumeResult(context, common, await topicOf('consume')));
  results.push(await idleResult(context, common, await topicOf('idle')));
  return results;
}

function produceResults(medians: Medians, valueBytes: number, compression: string): BenchmarkResult[] {
  const { naru, naruPlain, sendBatch, concurrentSends, platformatic, confluent, python } = medians;
  const ours = naru!;
  const label = `produce ${valueBytes === 200 ? '200 B' : '2.6 KB'}${compression === 'none' ? '' : `, ${compression}`}`;
  const small = valueBytes === 200 && compression === 'none';
  const beatsStock = ours.rate >= 4 * sendBatch!.rate && ours.rate >= 20 * concurrentSends!.rate;
  const rates: BenchmarkResult = {
    name: label,
    unit: 'messages/s',
    ours: ours.rate,
    spread: ours.rates,
    peers: {
      'kafkajs sendBatch of 500': sendBatch?.rate ?? null,
      'kafkajs 1,000 concurrent send': concurrentSends?.rate ?? null,
      '@platformatic/kafka send of 500': platformatic?.rate ?? null,
      '@confluentinc/kafka-javascript': confluent?.rate ?? null,
      'confluent-kafka (Python)': python?.rate ?? null,
      'ours, not idempotent': naruPlain?.rate ?? null,
    },
    goal: `≥ 4 × kafkajs sendBatch and ≥ 20 × its 1,000 concurrent send${small ? ', ≥ confluent-kafka (Python)' : ''}`,
    met: !beatsStock ? false : !small ? true : python ? ours.rate >= python.rate : null,
    ...(platformatic && confluent && python ? {} : { note: missing(medians) }),
  };
  if (!small) return [rates];
  return [
    rates,
    {
      name: `${label}, CPU`,
      unit: 'µs per message',
      ours: ours.cpuMicros,
      spread: ours.cpus,
      peers: {
        'kafkajs sendBatch of 500': sendBatch?.cpuMicros ?? null,
        'kafkajs 1,000 concurrent send': concurrentSends?.cpuMicros ?? null,
        '@platformatic/kafka send of 500': platformatic?.cpuMicros ?? null,
        '@confluentinc/kafka-javascript': confluent?.cpuMicros ?? null,
        'confluent-kafka (Python)': python?.cpuMicros ?? null,
      },
      goal: '≤ 4 µs per message',
      met: ours.cpuMicros <= 4,
    },
  ];
}

const missing = ({ platformatic, confluent, python }: Medians): string =>
  [
    platformatic ? '' : HOW_TO_GET_PLATFORMATIC,
    confluent ? '' : HOW_TO_GET_CONFLUENT,
    python ? '' : 'confluent-kafka needs a Python that has it, named by PYTHON',
  ]
    .filter(Boolean)
    .join('; ');

async function latencyResult(context: BenchmarkContext, common: CommonTask, topic: string): Promise<BenchmarkResult> {
  const task = { ...common, topic, work: 'latency', valueBytes: 200, compression: 'none' } as const;
  const { naru, oneByOne } = await measure(context, task, ['naru', 'oneByOne']);
  return {
    name: 'one message at a time, median',
    unit: 'ms',
    ours: naru!.p50,
    spread: naru!.waits,
    peers: { 'kafkajs await send': oneByOne!.p50 },
    goal: '≤ 1.1 × kafkajs',
    met: naru!.p50 <= 1.1 * oneByOne!.p50,
  };
}

async function consumeResult(context: BenchmarkContext, common: CommonTask, topic: string): Promise<BenchmarkResult> {
  context.progress(`filling ${topic} with ${RECORDS_TO_CONSUME.toLocaleString('en-US')} records`);
  await fill(common.brokers, topic);
  const task = {
    ...common,
    topic,
    work: 'consume',
    valueBytes: 200,
    compression: 'none',
    records: RECORDS_TO_CONSUME,
  } as const;
  const { naru, oneByOne } = await measure(context, task, ['naru', 'oneByOne']);
  return {
    name: 'consume 200 B',
    unit: 'messages/s',
    ours: naru!.rate,
    spread: naru!.rates,
    peers: { 'kafkajs eachMessage': oneByOne!.rate },
    goal: '≥ 2 × kafkajs',
    met: naru!.rate >= 2 * oneByOne!.rate,
  };
}

async function idleResult(context: BenchmarkContext, common: CommonTask, topic: string): Promise<BenchmarkResult> {
  const task = { ...common, topic, work: 'produce', valueBytes: 0, compression: 'none', durationMs: IDLE_MS } as const;
  const { idle } = await measure({ ...context, rounds: 1 }, task, ['idle']);
  return {
    name: 'a connected producer and consumer with nothing to do',
    unit: '% of a core',
    ours: 100 * idle!.cpuShare!,
    peers: {},
    goal: '< 0.5 %',
    met: idle!.cpuShare! < 0.005,
  };
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
