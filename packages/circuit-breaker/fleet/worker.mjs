// One process of the fleet test: calls the "exchange" of the test through a shared breaker, for ever.
// Arguments: Redis URL, port of the exchange, options of the breaker as JSON.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { CircuitRejection, consecutiveFailures, createCircuitBreaker } from '@naru/circuit-breaker';
import { connectBreakerRedis, createRedisBreakerStore } from '@naru/circuit-breaker/redis';

const [url, port, options] = process.argv.slice(2);
process.on('disconnect', () => process.exit());

const redis = await connectBreakerRedis({ url });
const breaker = createCircuitBreaker({
  ...JSON.parse(options),
  store: createRedisBreakerStore({ redis }),
  detector: consecutiveFailures({ failures: 2 }),
});
breaker.onStateChange(({ to }) => process.send?.({ to, at: performance.timeOrigin + performance.now() }));

const exchange = connect(Number(port), '127.0.0.1');
const waiting = new Map();
createInterface({ input: exchange }).on('line', (line) => {
  const [id, answer] = line.split(' ');
  const settle = waiting.get(id);
  waiting.delete(id);
  settle?.(answer === 'ok');
});
exchange.write(`${process.pid}\n`);

let last = 0;
/** Tells the exchange what kind of call it is, and waits for its answer; hangs up when the breaker says so. */
function call({ signal }) {
  const id = String(++last);
  return new Promise((resolve, reject) => {
    waiting.set(id, (ok) => (ok ? resolve() : reject(new Error('the exchange is down'))));
    signal.addEventListener('abort', () => {
      if (!waiting.delete(id)) return;
      exchange.write(`${id} hangs-up\n`);
      reject(new Error('the exchange is down'));
    });
    exchange.write(`${id} ${breaker.state}\n`);
  });
}

await breaker.start();
process.send?.({ to: 'ready' });
for (;;) {
  // Several at once, so that probes are asked for in parallel; a circuit that lets nothing through costs nothing.
  for (let at = 0; at < 2; at++) {
    breaker.execute(call).catch((error) => {
      if (!(error instanceof CircuitRejection) && error.message !== 'the exchange is down') throw error;
    });
  }
  await pause(10);
}
