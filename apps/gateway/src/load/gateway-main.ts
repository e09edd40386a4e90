import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createGateway, type Gateway } from '../composition/create-gateway.js';
import { type ConfigOverrides, completeConfig } from '../config/complete-config.js';
import { readConfig } from '../config/read-config.js';
import { configIsSent, type GatewayAnswer, type GatewayFigures, type GatewayQuestion } from './gateway-figures.js';
import { watchLiveHeap } from './live-heap.js';

/*
 * The gateway as `naru load` runs it: what `naru run` does, and figures about itself for the process that started it.
 */
const config = process.argv.includes(configIsSent)
  ? // What is undefined does not come through the channel.
    completeConfig(((await once(process, 'message')) as [ConfigOverrides])[0])
  : readConfig({ environment: process.env });
const liveHeap = watchLiveHeap();
const gateway = await createGateway({ config });
const eventLoop = monitorEventLoopDelay({ resolution: 10 });
eventLoop.enable();
let marked = gateway.latency();

process.on('message', ({ id, ask }: GatewayQuestion) => {
  const answer = (value: GatewayAnswer['answer']): void => void process.send?.({ id, answer: value });
  if (ask === 'figures') answer(figures(gateway));
  else if (ask === 'targets') answer(gateway.report().map(({ target, accounts }) => ({ target, accounts })));
  else {
    marked = gateway.latency();
    answer(null);
  }
});
process.stdout.write(`${JSON.stringify({ event: 'ready', kafka: gateway.kafka, registry: gateway.registry })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    const delivered = await gateway.close();
    process.exit(delivered ? 0 : 1);
  });
}

function figures(of: Gateway): GatewayFigures {
  const report = of.report();
  const { latency: _, ...accounts } = of.totals();
  const sum = (value: (one: (typeof report)[number]) => number): number =>
    report.reduce((total, one) => total + value(one), 0);
  const { user, system } = process.cpuUsage();
  const delays = { p99: eventLoop.percentile(99) / 1e6, max: eventLoop.max / 1e6 };
  eventLoop.reset();
  return {
    accounts,
    latency: of.latency().since(marked).distribution(),
    symbols: {
      wanted: sum(({ stream }) => stream?.symbols.length ?? 0),
      confirmed: sum(({ stream }) => stream?.confirmed ?? 0),
    },
    parse_failures: sum(({ stream }) => Object.values(stream?.parseFailures ?? {}).reduce((all, one) => all + one, 0)),
    reconnects: sum(({ stream }) => stream?.reconnects ?? 0),
    cpu_us: user + system,
    rss_bytes: process.memoryUsage.rss(),
    live_heap_bytes: liveHeap.bytes,
    event_loop_ms: delays,
  };
}
