import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveryUnderTest, inOrder, range } from '../testing/delivery-under-test.js';
import { PlayedKafka } from '../testing/played-kafka.js';

const { clock, live, until, spoolDirectory } = deliveryUnderTest();

type Step = { readonly do: 'send' | 'away' | 'back' | 'wait' | 'fail' | 'restart'; readonly size: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    'send' as const,
    'send' as const,
    'send' as const,
    'away' as const,
    'back' as const,
    'wait' as const,
    'wait' as const,
    'fail' as const,
    'restart' as const,
  ),
  size: fc.integer({ min: 1, max: 30 }),
});

test('whatever happens, every record is in Kafka or accounted for, in the order of its market', async () => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      round += 1;
      const kafka = new PlayedKafka();
      let hasFailed = false;
      let next = 1;
      let acknowledged = 0;
      const options = {
        kafka,
        delivery: { maxMemoryBytes: 30_000 },
        spoolOptions: { directory: spoolDirectory(String(round)) },
      };
      let life = await live(options);
      for (const { do: what, size } of steps) {
        if (what === 'send') {
          life.send(...range(next, next + size - 1));
          next += size;
        } else if (what === 'away') kafka.isAway = true;
        else if (what === 'back') {
          kafka.isAway = false;
          kafka.flow();
        } else if (what === 'wait') {
          await new Promise((resolve) => setImmediate(resolve));
          await clock.advance(size * 200);
        } else if (what === 'fail') {
          hasFailed = true;
          kafka.failures.push({ code: 'delivery_timeout', written: size % 2 === 0 });
        } else {
          let ended = false;
          const closing = life.delivery.close(10_000).then((end) => {
            ended = true;
            expect(end.dropped).toBe(0);
          });
          await until(() => ended);
          await closing;
          acknowledged += life.accounts().acknowledged;
          life = await live(options);
        }
        life.accounts();
      }
      kafka.isAway = false;
      kafka.flow();
      await until(() => life.accounts().buffered === 0);
      expect(life.accounts().dropped).toBe(0);
      const read = kafka.read();
      const wanted = inOrder(1, next - 1);
      for (const market of ['KRW-BTC', 'KRW-ETH'] as const) {
        const found = read[market] ?? [];
        // A refusal by Kafka lets what is already behind it pass; nothing else does.
        expect(hasFailed ? found.toSorted((a, b) => Number(a) - Number(b)) : found).toEqual(wanted[market]);
      }
      expect(life.delivery.status).toMatchObject({ memoryBytes: 0 });
      // Each is counted once, but for those that an end left to the disk and Kafka took all the same.
      expect(acknowledged + life.accounts().acknowledged).toBeGreaterThanOrEqual(next - 1);
      await life.spool?.close();
    }),
    { numRuns: 40, seed: 5 },
  );
}, 60_000);
