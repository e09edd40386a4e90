import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { TransportConsumer } from '../transport/transport-consumer.js';

/** What a group has handled and committed, watched from outside. */
export class GroupWatch {
  readonly #handled = new Map<number, Set<number>>();
  /** Below which all of a partition is known to be handled. */
  readonly #complete = new Map<number, number>();
  /** Commits of something that nobody had handled. */
  readonly violations: string[] = [];
  commits = 0;

  handled(partition: number, offset: number): void {
    const offsets = this.#handled.get(partition) ?? new Set();
    this.#handled.set(partition, offsets.add(offset));
  }

  committed(partition: number, offset: number): void {
    this.commits += 1;
    const handled = this.#handled.get(partition);
    let before = this.#complete.get(partition) ?? 0;
    while (before < offset && handled?.has(before)) before += 1;
    this.#complete.set(partition, before);
    if (before < offset) this.violations.push(`${partition}: committed ${offset}, but ${before} was not handled`);
  }

  get distinct(): number {
    let count = 0;
    for (const offsets of this.#handled.values()) count += offsets.size;
    return count;
  }
}

/** The same transport, telling the watch of every commit before it is sent. */
export function watchCommits(transport: KafkaTransport, watch: GroupWatch): KafkaTransport {
  return {
    createProducer: (options) => transport.createProducer(options),
    createAdmin: () => transport.createAdmin(),
    createConsumer(options): TransportConsumer {
      const consumer = transport.createConsumer(options);
      return {
        start: (events) => consumer.start(events),
        pause: (at) => consumer.pause(at),
        resume: (at) => consumer.resume(at),
        close: () => consumer.close(),
        commit(offsets) {
          for (const { partition, offset } of offsets) watch.committed(partition, Number(offset));
          return consumer.commit(offsets);
        },
      };
    },
  };
}
