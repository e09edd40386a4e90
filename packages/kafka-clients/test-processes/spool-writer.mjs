// Appends numbered messages without end and prints the number of each that is on disk. Waits to be killed.
import { openSpool } from '../dist/spool/index.js';

const [directory] = process.argv.slice(2);
const spool = await openSpool({ directory, segmentBytes: 4_096, maxBytes: 64 * 1024 ** 2 });
let last = Number(spool.status.messages);

for (;;) {
  for (let count = 0; count < 20; count += 1) {
    last += 1;
    spool.append({ topic: 't', key: 'k', value: `message ${last} ${'x'.repeat(last % 300)}` });
  }
  await spool.flush();
  process.stdout.write(`${last}\n`);
}
