import { type Course, countsWhatItDrops, type Flight } from '../course.js';
import type { Gateway } from '../processes/gateway.js';
import { whyNoSmallDisk } from '../processes/small-disk.js';
import { forSeconds, until } from '../wait.js';
import { alone } from './rigs.js';

const mebibyte = 1024 * 1024;
const code = 'spool_disk_full';

/**
 * Kafka is away until the file system of the spool has no space left: the kernel refuses, the gateway says so once,
 * memory fills up, and what then has no room is dropped and counted. With Kafka back the spool empties itself, and the
 * next round finds it taking records again.
 */
export const diskFull: Course = {
  name: 'disk-full',
  fault: 'Kafka away until the disk of the spool is full (ENOSPC on a file system of 3 MiB) and a memory of 2 MiB too',
  from: 'Kafka takes connections',
  framesPerSecond: { whole: 5_000, short: 4_000 },
  settleSeconds: 300,
  impossible: whyNoSmallDisk,
  rig: () => alone({ spool: { diskBytes: 3 * mebibyte }, env: { NARU_MEMORY_BYTES: String(2 * mebibyte) } }),
  async round(flight) {
    const { servers, rig, short, recovers, say } = flight;
    const gateway = rig.gateways[0]!;
    const saidBefore = gateway.timesSaid(code);
    await servers.broker.kill();
    await until('records in the spool', 60, async () => {
      const { messages, failure } = await spoolOf(gateway);
      return messages > 0 && failure === null;
    });
    await until('a full disk', 180, async () => (await spoolOf(gateway)).failure?.code === code);
    const { messages, bytes } = await spoolOf(gateway);
    await rig.drops(180);
    await forSeconds(short ? 1 : 10);
    const said = gateway.timesSaid(code) - saidBefore;
    if (said !== 1) throw new Error(`the gateway said ${said} times that its disk is full, instead of once`);
    say(`the disk took ${messages} messages, ${bytes} bytes with what waited for it; said once`);
    await servers.broker.restart();
    await recovers(120);
    await emptied(flight, gateway);
  },
  promises: countsWhatItDrops,
};

/** What was spooled is in Kafka, its space is free again, and the disk takes what comes. */
async function emptied({ note }: Flight, gateway: Gateway): Promise<void> {
  await until('an empty spool on a disk that takes writes', 120, async () => {
    const { messages, failure } = await spoolOf(gateway);
    return messages === 0 && failure === null;
  });
  note('said once each time; with Kafka back the spool emptied itself and took records again in the next round');
}

async function spoolOf(gateway: Gateway) {
  const status = await gateway.spool();
  if (!status) throw new Error(`${gateway.name} has no spool`);
  return status;
}
