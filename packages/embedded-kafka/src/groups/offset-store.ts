export interface CommittedOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** The offsets a group has committed, by topic and partition. */
export class OffsetStore {
  readonly #topics = new Map<string, Map<number, CommittedOffset>>();

  get isEmpty(): boolean {
    return this.#topics.size === 0;
  }

  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#topics.get(topic)?.get(partition);
  }

  set(topic: string, partition: number, committed: CommittedOffset): void {
    let partitions = this.#topics.get(topic);
    if (!partitions) {
      partitions = new Map();
      this.#topics.set(topic, partitions);
    }
    const { offset, leaderEpoch, metadata } = committed;
    partitions.set(partition, { offset, leaderEpoch, metadata });
  }

  delete(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic);
    partitions?.delete(partition);
    if (partitions?.size === 0) this.#topics.delete(topic);
  }

  deleteTopic(topic: string): void {
    this.#topics.delete(topic);
  }

  *entries(): IterableIterator<CommittedOffset & { readonly topic: string; readonly partition: number }> {
    for (const [topic, partitions] of this.#topics) {
      for (const [partition, committed] of partitions) yield { topic, partition, ...committed };
    }
  }

  topics(): IterableIterator<[string, ReadonlyMap<number, CommittedOffset>]> {
    return this.#topics.entries();
  }
}
