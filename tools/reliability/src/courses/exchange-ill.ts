import { alwaysPromised, type Course } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** Exchanges reset, close, send garbage and bombs, and fall silent. */
export const exchangeIll: Course = {
  name: 'exchange-ill',
  fault: 'exchanges reset and close sockets, send garbage and gzip bombs, fall silent',
  promises: (figures) => [
    ...alwaysPromised(figures),
    ...(figures.outcome.dropped > 0 ? [`${figures.outcome.dropped} records were dropped`] : []),
    ...(figures.outcome.duplicated > 0 ? [`${figures.outcome.duplicated} records came twice`] : []),
  ],
  async run({ servers, rounds, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const exchanges = ['upbit', 'binance', 'okx', 'htx'] as const;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'exchange-ill',
      exchanges,
      markets: 4,
      gateways: 1,
      faults: ['garbage:0.01'],
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    const recoveryMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const event of ['reset', 'close', 'bomb']) {
        for (const exchange of exchanges) await rig.simulator.happen(event, exchange);
        recoveryMs.push(await rig.flowsAgain(90));
        await forSeconds(0.5);
      }
      say(
        `round ${round}: ${recoveryMs
          .slice(-3)
          .map((ms) => `${Math.round(ms)} ms`)
          .join(', ')} after reset, close, bomb`,
      );
    }
    if (!short) {
      // The idle watchdog of an exchange that sends nothing at all for its idle time.
      await rig.simulator.happen('stall', 'htx');
      await forSeconds(25);
      await rig.simulator.happen('resume', 'htx');
      recoveryMs.push(await rig.flowsAgain(60));
      say(`after 25 s of silence: ${Math.round(recoveryMs.at(-1) ?? 0)} ms`);
    }
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds,
      recoveryMs,
      from: 'the fault',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
      notes: [
        'one frame in a hundred is preceded by garbage; frames under way in a socket that ends are lost in the feed',
      ],
    };
  },
};
