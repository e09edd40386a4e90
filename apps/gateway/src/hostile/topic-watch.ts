import { randomUUID } from 'node:crypto';
import { type Consumer, Kafka, logLevel } from 'kafkajs';

export interface WatchedMessage {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Everything that arrives on some topics, with stock kafkajs, and a way to wait for one message. */
export class TopicWatch {
  readonly messages: WatchedMessage[] = [];
  readonly #consumer: Consumer;
  readonly #waiting = new Set<() => void>();

  constructor(brokers: readonly string[]) {
    const kafka = new Kafka({ brokers: [...brokers], clientId: 'watch', logLevel: logLevel.NOTHING });
    this.#consumer = kafka.consumer({ groupId: `watch-${randomUUID()}`, maxWaitTimeInMs: 20 });
  }

  async start(topics: readonly string[]): Promise<void> {
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await this.#consumer.run({
      eachMessage: async ({ topic, message: { key, value, headers } }) => {
        const text = Object.entries(headers ?? {}).map(([name, header]) => [name, String(header)]);
        this.messages.push({ topic, key, value, headers: Object.fromEntries(text) });
        for (const look of [...this.#waiting]) look();
      },
    });
  }

  /** The first message, from the `after`th on, that is the one; whoever waits bounds the wait. */
  next(isIt: (message: WatchedMessage) => boolean, after = 0): Promise<WatchedMessage> {
    return new Promise((resolve) => {
      let seen = after;
      const look = (): void => {
        for (; seen < this.messages.length; seen += 1) {
          const message = this.messages[seen]!;
          if (!isIt(message)) continue;
          this.#waiting.delete(look);
          resolve(message);
          return;
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  close(): Promise<void> {
    return this.#consumer.disconnect();
  }
}
