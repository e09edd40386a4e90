import { confluent } from './confluent-contestant.js';
import type { KafkaContestant } from './contestant.js';
import { idle } from './idle.js';
import { concurrentSends, oneByOne, sendBatch } from './kafkajs-contestant.js';
import { naru, naruPlain } from './naru-contestant.js';
import { platformatic } from './platformatic-contestant.js';
import { Stopwatch } from './stopwatch.js';
import type { KafkaTask } from './task.js';

/** Enough for the compiler to have seen the hot paths. */
const WARM_UP_MS = 700;

const contestants: Readonly<Record<string, KafkaContestant>> = {
  confluent,
  idle,
  naru,
  naruPlain,
  platformatic,
  sendBatch,
  concurrentSends,
  oneByOne,
};

const task = JSON.parse(process.argv[2] ?? '{}') as KafkaTask;
const contestant = contestants[task.contestant];
if (!contestant) throw new Error(`No contestant is called ${task.contestant}.`);
const stopwatch = new Stopwatch();

if (task.work === 'consume') {
  await contestant.consume!(task, stopwatch);
  print(stopwatch);
} else {
  const begin = performance.now();
  let measured = false;
  const goOn = (): boolean => {
    if (!measured && performance.now() - begin >= WARM_UP_MS) {
      measured = true;
      stopwatch.start();
    }
    if (!measured || stopwatch.elapsedMs < task.durationMs) return true;
    print(stopwatch);
    return false;
  };
  const work = task.work === 'latency' ? contestant.latency! : contestant.produce!;
  await work(task, stopwatch, goOn);
}

function print(done: Stopwatch): never {
  process.stdout.write(`${JSON.stringify(done.stop())}\n`, () => process.exit(0));
  // What is still under way does not belong to the measurement; the write above ends the process.
  return undefined as never;
}
