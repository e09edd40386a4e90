import { createTranscoder } from '@naru/serializers';
import { tickerBatches, tickerSchema } from './samples.js';

const CALLS = 200;

/** Microseconds of this thread's own work for turning one JSON frame into Avro, here or in another thread. */
export async function microsOfThisThread(contestant: string, frameBytes: number): Promise<number> {
  const [sample] = tickerBatches(1);
  const records = Math.max(1, Math.round(frameBytes / JSON.stringify(sample).length));
  const frame = Buffer.from(JSON.stringify(tickerBatches(records)[0]));
  await using transcoder = createTranscoder({
    direction: 'json-to-avro',
    avro: { schema: tickerSchema, id: 1 },
    thresholdBytes: contestant === 'naru' ? 0 : Number.POSITIVE_INFINITY,
    threads: 1,
  });
  const run = async (calls: number): Promise<number> => {
    // Time in which this thread had nothing to do is another's.
    const before = performance.eventLoopUtilization();
    for (let call = 0; call < calls; call += 1) await transcoder.run([frame]);
    return performance.eventLoopUtilization(before).active;
  };
  await run(CALLS);
  return ((await run(CALLS)) * 1_000) / CALLS;
}
