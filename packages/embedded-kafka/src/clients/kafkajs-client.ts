import { type Consumer, type EachMessagePayload, Kafka, type KafkaConfig, logLevel } from 'kafkajs';

/** A stock kafkajs client that gives up soon, so that a wrong answer fails a test instead of stopping it. */
export function kafkaJs(bootstrap: readonly string[], config: Partial<KafkaConfig> = {}): Kafka {
  return new Kafka({
    clientId: 'test',
    brokers: [...bootstrap],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 20, retries: 8 },
    ...config,
  });
}

export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | undefined;
  readonly value: string | undefined;
}

/** Collects what consumers receive; `until` waits for a number of messages. */
export class Inbox {
  readonly messages: ReceivedMessage[] = [];
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly eachMessage = async ({ topic, partition, message }: EachMessagePayload): Promise<void> => {
    this.messages.push({
      topic,
      partition,
      offset: message.offset,
      key: message.key?.toString(),
      value: message.value?.toString(),
    });
    for (const waiter of this.#waiting) if (this.messages.length >= waiter.count) waiter.resolve();
  };

  until(count: number): Promise<void> {
    if (this.messages.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
    });
  }

  get values(): readonly (string | undefined)[] {
    return this.messages.map(({ value }) => value);
  }
}

/** Resolves when a consumer has joined its group, with the partitions it got. */
export function joined(consumer: Consumer): Promise<Record<string, readonly number[]>> {
  return new Promise((resolve) => {
    const undo = consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      undo();
      resolve(payload.memberAssignment);
    });
  });
}
