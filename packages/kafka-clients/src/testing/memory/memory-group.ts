import { KafkaClientError } from '../../kafka-client-error.js';
import type { OffsetToCommit, TopicPartition } from '../../transport/transport-consumer.js';
import type { MemoryConsumer } from './memory-consumer.js';

/** A consumer group: who is in it, who has which partition, what is committed. Rebalances are eager, one at a time. */
export class MemoryGroup {
  readonly committed: Map<string, string> = new Map();
  readonly #partitionsOf: (topic: string) => number;
  #members: MemoryConsumer[] = [];
  #rebalance: Promise<void> = Promise.resolve();

  constructor(partitionsOf: (topic: string) => number) {
    this.#partitionsOf = partitionsOf;
  }

  join(member: MemoryConsumer): Promise<void> {
    return this.#change(() => {
      this.#members = [...this.#members, member];
    }, member);
  }

  leave(member: MemoryConsumer): Promise<void> {
    return this.#change(() => {
      this.#members = this.#members.filter((other) => other !== member);
    }, member);
  }

  /** Takes a member's partitions away without asking, as a broker does when heartbeats stay out. */
  expel(member: MemoryConsumer): Promise<void> {
    member.lose();
    return this.#change(() => {}, member);
  }

  commit(member: MemoryConsumer, offsets: readonly OffsetToCommit[]): void {
    for (const { topic, partition, offset } of offsets) {
      if (!member.owns({ topic, partition })) {
        throw new KafkaClientError(`${topic}/${partition} is not this member's.`, {
          code: 'membership_lost',
          retryable: true,
        });
      }
      this.committed.set(`${topic}/${partition}`, offset);
    }
  }

  #change(apply: () => void, cause: MemoryConsumer): Promise<void> {
    this.#rebalance = this.#rebalance.then(async () => {
      await Promise.all(this.#members.filter((member) => member !== cause).map((member) => member.revoke()));
      apply();
      this.#assign();
    });
    return this.#rebalance;
  }

  #assign(): void {
    const assignments = this.#members.map((): TopicPartition[] => []);
    const topics = new Set(this.#members.flatMap((member) => member.topics));
    for (const topic of topics) {
      for (let partition = 0; partition < this.#partitionsOf(topic); partition += 1) {
        assignments[partition % assignments.length]?.push({ topic, partition });
      }
    }
    for (const [index, member] of this.#members.entries()) member.assign(assignments[index]!);
  }
}
