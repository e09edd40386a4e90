// Runs in a process of its own: one contestant, one kind of work, one line of JSON.
import { createAvroCodec } from '@naru/serializers';
import { contestants } from './contestants.js';
import { bytesToHold } from './hold.js';
import { tickerBatches, tickerSchema } from './samples.js';
import { microsPerCall } from './stopwatch.js';
import type { DataMeasurement, DataTask } from './task.js';
import { microsOfThisThread } from './transcode.js';

const task = JSON.parse(process.argv[2]!) as DataTask;
process.stdout.write(`${JSON.stringify(await measure(task))}\n`);
process.exit(0);

async function measure({ work, contestant, frameBytes }: DataTask): Promise<DataMeasurement | null> {
  if (work === 'hold') return { value: await bytesToHold(contestant) };
  if (work === 'transcode') return { value: await microsOfThisThread(contestant, frameBytes!) };
  const call = await contestants[work]![contestant]!();
  if (!call) return null;
  return { value: await microsPerCall(call), ...(work === 'encode' && { bytes: messageBytes(contestant) }) };
}

function messageBytes(contestant: string): number {
  const batch = tickerBatches()[0];
  return contestant === 'json'
    ? Buffer.byteLength(JSON.stringify(batch))
    : createAvroCodec({ schema: tickerSchema, id: 1 }).encode(batch).length;
}
