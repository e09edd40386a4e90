import type {
  OffsetToCommit,
  TopicPartition,
  TransportConsumer,
  TransportConsumerEvents,
  TransportConsumerOptions,
} from '../../transport/transport-consumer.js';
import type { MemoryGroup } from './memory-group.js';
import type { MemoryPartition } from './memory-log.js';

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** Records handed over at once. */
const FETCH_SIZE = 500;

export class MemoryConsumer implements TransportConsumer {
  readonly topics: readonly string[];
  readonly #options: TransportConsumerOptions;
  readonly #group: MemoryGroup;
  readonly #partitionOf: (at: TopicPartition) => MemoryPartition;
  readonly #onClosed: (consumer: MemoryConsumer) => void;
  readonly #positions = new Map<string, number>();
  readonly #paused = new Set<string>();
  #assigned: readonly TopicPartition[] = [];
  #events: TransportConsumerEvents | undefined;
  #closed = false;

  constructor(
    options: TransportConsumerOptions,
    group: MemoryGroup,
    partitionOf: (at: TopicPartition) => MemoryPartition,
    onClosed: (consumer: MemoryConsumer) => void,
  ) {
    this.topics = options.topics;
    this.#options = options;
    this.#group = group;
    this.#partitionOf = partitionOf;
    this.#onClosed = onClosed;
  }

  async start(events: TransportConsumerEvents): Promise<void> {
    this.#events = events;
    await this.#group.join(this);
  }

  assign(partitions: readonly TopicPartition[]): void {
    this.#assigned = partitions;
    this.#paused.clear();
    this.#positions.clear();
    for (const at of partitions) {
      const key = keyOf(at);
      const given = this.#options.firstOffsets?.find((first) => keyOf(first) === key);
      const start = given?.offset ?? (this.#options.fromBeginning ? 0 : this.#partitionOf(at).records.length);
      // Where the group begins is settled with its first assignment, not with its first commit.
      if (!this.#group.committed.has(key)) this.#group.committed.set(key, String(start));
      this.#positions.set(key, Number(this.#group.committed.get(key)));
    }
    this.#events?.assigned(partitions);
    this.poll();
  }

  /** Hands over what has been written since; called whenever something was. */
  poll(): void {
    queueMicrotask(() => {
      for (const at of this.#assigned) this.#fetch(at);
    });
  }

  #fetch(at: TopicPartition): void {
    const key = keyOf(at);
    const { records } = this.#partitionOf(at);
    for (;;) {
      const position = this.#positions.get(key);
      if (this.#closed || position === undefined || this.#paused.has(key) || position >= records.length) return;
      const next = records.slice(position, position + FETCH_SIZE);
      this.#positions.set(key, position + next.length);
      this.#events?.records({ ...at, records: next, highWatermark: String(records.length) });
    }
  }

  async revoke(): Promise<void> {
    if (this.#assigned.length === 0) return;
    const taken = this.#assigned;
    this.#positions.clear();
    await this.#events?.revoking();
    if (this.#assigned === taken) this.#assigned = [];
  }

  lose(): void {
    this.#assigned = [];
    this.#positions.clear();
    this.#events?.lost();
  }

  owns(at: TopicPartition): boolean {
    return this.#assigned.some((own) => keyOf(own) === keyOf(at));
  }

  pause(at: TopicPartition): void {
    this.#paused.add(keyOf(at));
  }

  resume(at: TopicPartition): void {
    this.#paused.delete(keyOf(at));
    this.poll();
  }

  async commit(offsets: readonly OffsetToCommit[]): Promise<void> {
    this.#group.commit(this, offsets);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClosed(this);
    await this.#group.leave(this);
    this.#assigned = [];
  }
}
