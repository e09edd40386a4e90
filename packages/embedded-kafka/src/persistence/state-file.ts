import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedKafkaError } from '../embedded-kafka-error.js';

const FORMAT = 1;

export interface StoredTopic {
  readonly name: string;
  readonly id: string;
  readonly configs: Readonly<Record<string, string>>;
  readonly partitions: readonly { readonly replicas: readonly number[]; readonly startOffset: number }[];
}

export interface StoredOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

/** Everything that outlives the process besides the records. */
export interface StoredState {
  readonly clusterId: string;
  readonly producerIdsEnd: number;
  readonly topics: readonly StoredTopic[];
  readonly groups: readonly { readonly id: string; readonly offsets: readonly StoredOffset[] }[];
}

/** One JSON file, always whole: it is written beside and then put in place. */
export class StateFile {
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, 'state.json');
  }

  read(): StoredState | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const { format, ...state } = JSON.parse(text) as StoredState & { readonly format: number };
      if (format === FORMAT) return state;
    } catch (cause) {
      throw new EmbeddedKafkaError(`${this.#path} is not JSON; move the directory away or give another "dataDir".`, {
        code: 'unreadable_directory',
        cause,
      });
    }
    throw new EmbeddedKafkaError(`${this.#path} is of another format than ${FORMAT}; give another "dataDir".`, {
      code: 'unreadable_directory',
    });
  }

  write(state: StoredState): void {
    const beside = `${this.#path}.new`;
    writeFileSync(beside, JSON.stringify({ format: FORMAT, ...state }));
    renameSync(beside, this.#path);
  }
}
