import { alwaysPromised, type Course } from '../course.js';
import { forSeconds } from '../wait.js';
import { alone, usualRate } from './rigs.js';

const exchanges = ['upbit', 'binance', 'okx', 'htx'] as const;

/** Exchanges reset, close, send garbage and bombs, and fall silent. */
export const exchangeIll: Course = {
  name: 'exchange-ill',
  fault: 'exchanges reset and close sockets, send garbage and gzip bombs, fall silent',
  from: 'the fault',
  framesPerSecond: usualRate,
  rig: () => alone({ exchanges, faults: ['garbage:0.01'] }),
  async round({ rig, isLast, short, recovers, note }) {
    note('one frame in a hundred is preceded by garbage; frames under way in a socket that ends are lost in the feed');
    for (const event of ['reset', 'close', 'bomb']) {
      for (const exchange of exchanges) await rig.simulator.happen(event, exchange);
      await recovers(90);
      await forSeconds(0.5);
    }
    if (short || !isLast) return;
    // The idle watchdog of an exchange that sends nothing at all for its idle time.
    await rig.simulator.happen('stall', 'htx');
    await forSeconds(25);
    await rig.simulator.happen('resume', 'htx');
    await recovers(60);
  },
  promises: (figures) => [
    ...alwaysPromised(figures),
    ...(figures.outcome.dropped > 0 ? [`${figures.outcome.dropped} records were dropped`] : []),
    ...(figures.outcome.duplicated > 0 ? [`${figures.outcome.duplicated} records came twice`] : []),
  ],
};
