// A member of a consumer group in a process of its own, so that a test can stop and continue it as a whole.
// It prints `assigned N` and `handled PARTITION OFFSET`, one per line, and leaves when it is told to by SIGTERM.
import { writeSync } from 'node:fs';
import { createKafkaConsumer, createKafkaTransport } from '../dist/index.js';

const { brokers, ...options } = JSON.parse(process.argv[2]);
const say = (line) => writeSync(1, `${line}\n`);
const consumer = createKafkaConsumer({
  ...options,
  transport: createKafkaTransport({ brokers }),
  handler: ({ partition, offset }) => say(`handled ${partition} ${offset}`),
  onEvent: (event) => {
    if (event.type === 'state_changed' && event.state.status === 'consuming')
      say(`assigned ${event.state.partitions.length}`);
  },
});
process.once('SIGTERM', () => consumer.close().then(() => process.exit(0)));
await consumer.start();
