import { KafkaClientError } from '../kafka-client-error.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { BrokerAddress, TopicSpecification } from '../transport/transport-admin.js';
import { explainConnectionFailure } from './explain-connection-failure.js';

export interface KafkaAdminOptions {
  readonly transport: KafkaTransport;
}

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
  /** Creates the topics that are missing and answers their names; existing ones are left as they are. */
  ensureTopics(topics: readonly TopicSpecification[]): Promise<readonly string[]>;
  /** Whether brokers answer, and if not, what is wrong in words: address, TLS, SASL. Never rejects. */
  checkBrokers(): Promise<BrokerCheck>;
  /** How far a group is behind, partition by partition. */
  describeLag(groupId: string, topics: readonly string[]): Promise<readonly PartitionLag[]>;
  listTopics(): Promise<readonly string[]>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createKafkaAdmin({ transport }: KafkaAdminOptions): KafkaAdmin {
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
      return (await connected()).createTopics(topics);
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
      closed ??= (connecting ?? Promise.resolve()).catch(() => {}).then(() => client.close());
      return closed;
    },
    [Symbol.asyncDispose]: () => admin.close(),
  };
  return admin;
}
