import { connect } from 'node:net';
import { createEmbeddedKafka } from '@naru/embedded-kafka';

/** From the call to a connection that is accepted, with the package loaded: what each test file pays. */
const begin = performance.now();
const kafka = await createEmbeddedKafka({ topics: ['t'] });
const [host, port] = kafka.bootstrap[0]!.split(':');
const socket = connect({ host: host!, port: Number(port) });
await new Promise<void>((resolve) => {
  socket.once('connect', () => resolve());
});
const startMs = performance.now() - begin;
socket.destroy();
await kafka.close();
process.stdout.write(`${JSON.stringify({ startMs })}\n`);
