import { type Clock, systemClock } from '@naru/core';
import { KafkaClientError } from '../kafka-client-error.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { BrokerAddress, TopicSpecification, TransportAdmin } from '../transport/transport-admin.js';
import { explainConnectionFailure } from './explain-connection-failure.js';

export interface KafkaAdminOptions {
  readonly transport: KafkaTransport;
  readonly clock?: Clock | undefined;
}

/** How long a created topic may take until all its leaders serve, and how often that is looked at. */
const SERVED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Next offset the group will read; null when it has committed none. */
  readonly committed: string | null;
  /** Offset that the next record will get. */
  readonly end: string;
  /** Records the group has still to read, counted from the first one kept when it has committed none. */
  readonly lag: number;
}

export type BrokerCheck =
  | { readonly ok: true; readonly brokers: readonly BrokerAddress[]; readonly explanation: string }
  | { readonly ok: false; readonly error: KafkaClientError; readonly explanation: string };

/** The few administrative things a client needs. It connects by itself with the first question. */
export interface KafkaAdmin {
  /**
   * Creates the topics that are missing and answers their names; existing ones are left as they are. Resolves when
   * every leader of the created ones serves, so that whoever comes next is not sent away.
   */
  ensureTopics(topics: readonly TopicSpecification[]): Promise<readonly string[]>;
  /** Deletes topics with all they hold; answers the names of those that were there. */
  deleteTopics(topics: readonly string[]): Promise<readonly string[]>;
  /** Whether brokers answer, and if not, what is wrong in words: address, TLS, SASL. Never rejects. */
  checkBrokers(): Promise<BrokerCheck>;
  /** How far a group is behind, partition by partition. */
  describeLag(groupId: string, topics: readonly string[]): Promise<readonly PartitionLag[]>;
  listTopics(): Promise<readonly string[]>;
  /** Ends at once: what is still asked fails. Safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createKafkaAdmin({ transport, clock = systemClock }: KafkaAdminOptions): KafkaAdmin {
  const client = transport.createAdmin();
  let connecting: Promise<void> | undefined;
  let closed: Promise<void> | undefined;

  const connected = async (): Promise<typeof client> => {
    if (closed) throw new KafkaClientError('The admin client is closed. Create another one.', { code: 'closed' });
    connecting ??= client.connect().catch((error) => {
      connecting = undefined;
      throw error;
    });
    await connecting;
    return client;
  };

  const admin: KafkaAdmin = {
    async ensureTopics(topics) {
      const ready = await connected();
      const created = await ready.createTopics(topics);
      await Promise.all(created.map((topic) => served(ready, topic, clock)));
      return created;
    },
    async deleteTopics(topics) {
      return (await connected()).deleteTopics(topics);
    },
    async listTopics() {
      return (await connected()).topics();
    },
    async checkBrokers() {
      try {
        const brokers = await (await connected()).brokers();
        const names = brokers.map(({ nodeId, host, port }) => `${nodeId} at ${host}:${port}`).join(', ');
        return { ok: true, brokers, explanation: `${brokers.length} broker(s) answer: ${names}.` };
      } catch (thrown) {
        const error = thrown as KafkaClientError;
        return { ok: false, error, explanation: explainConnectionFailure(error) };
      }
    },
    async describeLag(groupId, topics) {
      const ready = await connected();
      const committed = new Map<string, string | null>();
      for (const { topic, partition, offset } of await ready.groupOffsets(groupId, topics)) {
        committed.set(`${topic}/${partition}`, offset);
      }
      const lags: PartitionLag[] = [];
      for (const topic of topics) {
        for (const { partition, low, high } of await ready.topicOffsets(topic)) {
          const at = committed.get(`${topic}/${partition}`) ?? null;
          const from = at === null || BigInt(at) < BigInt(low) ? low : at;
          const lag = Number(BigInt(high) - BigInt(from));
          lags.push({ topic, partition, committed: at, end: high, lag: Math.max(0, lag) });
        }
      }
      return lags.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition);
    },
    close() {
      closed ??= client.close();
      return closed;
    },
    [Symbol.asyncDispose]: () => admin.close(),
  };
  return admin;
}

/** Resolves when a topic's offsets can be read: a broker answers a creation before every leader has taken over. */
async function served(client: TransportAdmin, topic: string, clock: Clock): Promise<void> {
  const until = clock.monotonic() + SERVED_WITHIN_MS;
  for (;;) {
    try {
      await client.topicOffsets(topic);
      return;
    } catch (error) {
      const passing = error instanceof KafkaClientError && (error.retryable || error.code === 'unknown_topic');
      if (!passing || clock.monotonic() >= until) throw error;
    }
    await new Promise<void>((resolve) => {
      clock.schedule(LOOK_EVERY_MS, resolve);
    });
  }
}
