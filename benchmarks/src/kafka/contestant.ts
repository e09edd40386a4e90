import type { Stopwatch } from './stopwatch.js';
import type { KafkaTask } from './task.js';

/** What a client must be able to do to be measured. */
export interface KafkaContestant {
  /** Sends at the client's pace until `until` says stop, counting acknowledged messages. */
  produce?(task: KafkaTask, stopwatch: Stopwatch, goOn: () => boolean): Promise<void>;
  /** Sends one message, waits for its acknowledgement, and so on. */
  latency?(task: KafkaTask, stopwatch: Stopwatch, goOn: () => boolean): Promise<void>;
  /** Reads `task.records` records from the beginning, starting the stopwatch with the first. */
  consume?(task: KafkaTask, stopwatch: Stopwatch): Promise<void>;
}
