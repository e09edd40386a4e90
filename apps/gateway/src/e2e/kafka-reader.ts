import { setTimeout as wait } from 'node:timers/promises';
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

/** Reads like any user of Kafka would: stock kafkajs, from the beginning, until a message was the last one wanted. */
export async function readTopics(
  brokers: readonly string[],
  topics: readonly string[],
  isLast: (message: ReadMessage, count: number) => boolean | Promise<boolean>,
): Promise<readonly ReadMessage[]> {
  const kafka = new Kafka({ brokers: [...brokers], clientId: 'reader', logLevel: logLevel.ERROR });
  const consumer = kafka.consumer({ groupId: `reader-${process.pid}-${Math.random()}`, maxWaitTimeInMs: 100 });
  const messages: ReadMessage[] = [];
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    const done = new Promise<void>((resolve, reject) => {
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
          await Promise.resolve(isLast(read, messages.length)).then((last) => last && resolve(), reject);
        },
      });
    });
    const patience = new AbortController();
    const late = wait(30_000, undefined, { signal: patience.signal }).then(() => {
      throw new Error(`only ${messages.length} messages came on ${topics.join(', ')}`);
    });
    await Promise.race([done, late]).finally(() => patience.abort());
    late.catch(() => {});
  } finally {
    await consumer.disconnect();
  }
  return messages;
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
