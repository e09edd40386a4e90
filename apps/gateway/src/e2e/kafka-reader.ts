import { randomUUID } from 'node:crypto';
import avsc from 'avsc';
import { Kafka, logLevel } from 'kafkajs';

export interface ReadMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Decides whether a message was the last one wanted; `count` includes it. */
type IsLast = (message: ReadMessage, count: number) => boolean | Promise<boolean>;

/**
 * Reads like any user of Kafka would: stock kafkajs, from the beginning, until a message was the last one wanted.
 *
 * @param begin called at every beginning: kafkajs gives up on a topic whose leaders are not settled yet, and then
 * everything is read anew
 */
export async function readTopics(
  brokers: readonly string[],
  topics: readonly string[],
  begin: () => IsLast,
): Promise<readonly ReadMessage[]> {
  const deadline = AbortSignal.timeout(25_000);
  for (;;) {
    const messages = await readOnce(brokers, topics, begin(), deadline);
    if (messages !== 'crashed') return messages;
  }
}

async function readOnce(
  brokers: readonly string[],
  topics: readonly string[],
  isLast: IsLast,
  deadline: AbortSignal,
): Promise<readonly ReadMessage[] | 'crashed'> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'reader', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId: `reader-${randomUUID()}`,
    maxWaitTimeInMs: 100,
    retry: { restartOnFailure: async () => false },
  });
  const messages: ReadMessage[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    return await new Promise((resolve, reject) => {
      deadline.addEventListener('abort', () =>
        reject(new Error(`only ${messages.length} messages came on ${topics.join(', ')}`)),
      );
      consumer.on(consumer.events.CRASH, () => resolve('crashed'));
      void consumer.run({
        async eachMessage({ topic, partition, message }) {
          const read: ReadMessage = {
            topic,
            partition,
            offset: message.offset,
            key: message.key?.toString() ?? null,
            value: message.value ?? Buffer.alloc(0),
            headers: Object.fromEntries(
              Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)]),
            ),
          };
          messages.push(read);
          // A throw must fail the test; kafkajs would try the message again.
          await Promise.resolve(isLast(read, messages.length)).then((last) => last && resolve(messages), reject);
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
}

export async function sendRaw(
  brokers: readonly string[],
  topic: string,
  values: readonly (Buffer | string)[],
): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'sender', logLevel: logLevel.ERROR });
  const producer = kafka.producer();
  await producer.connect();
  // One partition, so that the order of commands is the order of the call.
  await producer.send({ topic, messages: values.map((value) => ({ key: null, value, partition: 0 })) });
  await producer.disconnect();
}

/** Decodes frames with avsc and nothing of ours: magic byte, id, body. */
export async function createPlainDecoder(registryUrl: string): Promise<(frame: Buffer) => Promise<unknown>> {
  const types = new Map<number, avsc.Type>();
  return async (frame) => {
    if (frame[0] !== 0) throw new Error('no Confluent frame');
    const id = frame.readInt32BE(1);
    let type = types.get(id);
    if (!type) {
      const response = await fetch(`${registryUrl}/schemas/ids/${id}`);
      const { schema } = (await response.json()) as { schema: string };
      type = avsc.Type.forSchema(JSON.parse(schema));
      types.set(id, type);
    }
    return type.fromBuffer(frame.subarray(5));
  };
}
