import fc from 'fast-check';
import { test } from 'vitest';
import { Fleet, fleetSteps } from './fleet-commands.js';

test('a fleet that suffered anything agrees and recovers when it is over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 }), fleetSteps, async (quorum, taken) => {
      const fleet = new Fleet(quorum);
      for (const { run } of taken) await run(fleet);
      await fleet.heals();
    }),
    { numRuns: process.env.NARU_LONG === '1' ? 5_000 : 200 },
  );
});
