import type { Partition } from './partition.js';
import { topicConfigDefinitions } from './topic-configs.js';

/** A topic: its partitions and the settings that were changed from their standard. */
export class Topic {
  readonly name: string;
  readonly id: string;
  readonly partitions: Partition[];
  readonly configs: Map<string, string>;

  constructor(name: string, id: string, partitions: Partition[], configs: ReadonlyMap<string, string>) {
    this.name = name;
    this.id = id;
    this.partitions = partitions;
    this.configs = new Map(configs);
  }

  get isInternal(): boolean {
    return this.name === '__consumer_offsets' || this.name === '__transaction_state';
  }

  /** Largest batch, in bytes. */
  get maxMessageBytes(): number {
    return Number(this.#config('max.message.bytes'));
  }

  /** Bytes kept per partition, -1 for the broker's own limit. */
  get retentionBytes(): number {
    return Number(this.#config('retention.bytes'));
  }

  get usesAppendTime(): boolean {
    return this.#config('message.timestamp.type') === 'LogAppendTime';
  }

  #config(name: string): string {
    return this.configs.get(name) ?? topicConfigDefinitions[name]!.standard;
  }
}
