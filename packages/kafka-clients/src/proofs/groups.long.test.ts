import { createInterface } from 'node:readline';
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { brokerForTests } from '@naru/test-services';
import { expect, test } from 'vitest';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import type { KafkaConsumer } from '../consumer/kafka-consumer.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createCondition } from './condition.js';
import { createTopic } from './create-topic.js';
import { GroupWatch, watchCommits } from './handled-before-committed.js';
import { endMember, startMember } from './member-process.js';
import { seededRandom } from './seeded-random.js';

const ROUNDS = Number(process.env.NARU_PROOF_ROUNDS ?? 10);
const SEED = Number(process.env.NARU_PROOF_SEED ?? 1);
const PARTITIONS = 6;
/** Records a second that go on while members come and go. */
const LOAD = 2_000;

test(`three members and a process; in each of ${ROUNDS} rounds the process is stopped beyond its session, one leaves and one joins, under load`, async () => {
  const broker = await brokerForTests(createEmbeddedKafka);
  const transport = createKafkaTransport({ brokers: broker.bootstrap });
  const topic = await createTopic(transport, PARTITIONS, 1);
  const random = seededRandom(SEED);
  const watch = new GroupWatch();
  const { check, until } = createCondition();
  const options = {
    groupId: `group-${topic}`,
    topics: [topic],
    fromBeginning: true,
    // Brokers refuse sessions shorter than their minimum: six seconds unless configured, the embedded one takes any.
    sessionTimeoutMs: broker.kind === 'real' ? 6_000 : 1_000,
    heartbeatIntervalMs: 100,
    maxWaitMs: 50,
    commitIntervalMs: 20,
  };

  const watched = watchCommits(transport, watch);
  let handledAgain = 0;
  const note = (partition: number, offset: number): void => {
    const before = watch.distinct;
    watch.handled(partition, offset);
    if (watch.distinct === before) handledAgain += 1;
    check();
  };
  const join = async (): Promise<KafkaConsumer> => {
    const consumer = createKafkaConsumer({
      ...options,
      transport: watched,
      handler: async ({ partition, offset }) => {
        await new Promise(setImmediate);
        note(partition, Number(offset));
      },
      onEvent: check,
    });
    await consumer.start();
    return consumer;
  };
  const partitionsOf = ({ state }: KafkaConsumer): number =>
    state.status === 'consuming' ? state.partitions.length : 0;
  const assigned = (members: readonly KafkaConsumer[]): number =>
    members.reduce((sum, member) => sum + partitionsOf(member), 0);

  const stopped = startMember({ ...options, brokers: broker.bootstrap });
  let ofProcess = 0;
  createInterface({ input: stopped.stdout! }).on('line', (line) => {
    const [event, first, offset] = line.split(' ');
    if (event === 'assigned') ofProcess = Number(first);
    else note(Number(first), Number(offset));
    check();
  });

  const producer = createKafkaProducer({ transport, lingerMs: 5, maxQueuedMessages: 10_000 });
  await producer.connect();
  let sent = 0;
  const load = setInterval(() => {
    for (let index = 0; index < LOAD / 20; index += 1) {
      void producer.send({ topic, partition: sent % PARTITIONS, value: String(sent) });
      sent += 1;
    }
  }, 50);

  const members: KafkaConsumer[] = [];
  try {
    for (let count = 0; count < 3; count += 1) members.push(await join());
    for (let round = 0; round < ROUNDS; round += 1) {
      await until(() => ofProcess > 0 && members.every((member) => partitionsOf(member) > 0));
      stopped.kill('SIGSTOP');
      // Only after its session has run out do the others get its partitions.
      await until(() => assigned(members) === PARTITIONS);
      const [leaving] = members.splice(Math.floor(random() * members.length), 1);
      await leaving!.close();
      await until(() => assigned(members) === PARTITIONS);
      ofProcess = 0;
      stopped.kill('SIGCONT');
      members.push(await join());
    }
    await until(() => ofProcess > 0 && members.every((member) => partitionsOf(member) > 0));
    clearInterval(load);
    await producer.flush();
    await until(() => watch.distinct === sent);
  } finally {
    clearInterval(load);
    stopped.kill('SIGCONT');
    await Promise.all([...members.map((member) => member.close()), endMember(stopped), producer.close()]);
  }

  await using admin = createKafkaAdmin({ transport });
  const lag = (await admin.describeLag(options.groupId, [topic])).map((partition) => partition.lag);
  await broker.close();
  const summary = JSON.stringify({ seed: SEED, rounds: ROUNDS, sent, handledAgain, commits: watch.commits });
  process.stdout.write(`groups: ${summary}\n`);
  expect(watch.violations, summary).toEqual([]);
  expect(lag).toEqual(Array(PARTITIONS).fill(0));
}, 900_000);
