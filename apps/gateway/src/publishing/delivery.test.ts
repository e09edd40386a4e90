import { expect, test } from 'vitest';
import { deliveryUnderTest, inOrder, range } from '../testing/delivery-under-test.js';

const { clock, live, until } = deliveryUnderTest();

test('while Kafka takes messages nothing touches the spool', async () => {
  const { send, accounts, spool, kafka, delivery } = await live();
  send(...range(1, 100));
  await until(() => accounts().buffered === 0);
  expect(accounts()).toMatchObject({ acknowledged: 100, spooled: 0 });
  expect(kafka.read()).toEqual(inOrder(1, 100));
  expect(spool?.status.bytes).toBe(0);
  expect(delivery.status).toMatchObject({ mode: 'direct', memoryBytes: 0 });
});

test('an end does not wait for a Kafka that is away when there is a spool, and without one drops what is left', async () => {
  const { send, kafka, delivery, accounts, lost } = await live({ spool: false });
  kafka.isAway = true;
  send(1, 2, 3);
  const ended = delivery.close(5_000);
  await clock.advance(4_999);
  expect(accounts().buffered).toBe(3);
  await clock.advance(1);
  expect(await ended).toEqual({ delivered: false, spooled: 0, dropped: 3 });
  expect(accounts()).toMatchObject({ dropped: 3, buffered: 0 });
  expect(lost).toEqual([
    ['shutdown', 1],
    ['shutdown', 1],
    ['shutdown', 1],
  ]);
});

test('an end waits for what Kafka still takes', async () => {
  const { send, delivery, accounts } = await live();
  send(1, 2, 3);
  expect(await delivery.close(5_000)).toEqual({ delivered: true, spooled: 0, dropped: 0 });
  expect(accounts()).toMatchObject({ acknowledged: 3, buffered: 0 });
});

test('what Kafka will never take is dropped and does not come again', async () => {
  const { send, kafka, accounts, lost } = await live();
  kafka.failures.push({ code: 'message_too_large', written: false });
  send(1, 2);
  await until(() => accounts().buffered === 0);
  expect(accounts()).toMatchObject({ acknowledged: 1, dropped: 1 });
  expect(lost).toEqual([['rejected', 1]]);
});

test('without a spool memory is bounded, the oldest are kept, and there is room again in time', async () => {
  const { send, kafka, accounts, fullness, delivery, lost } = await live({
    spool: false,
    delivery: { maxMemoryBytes: 10_000 },
  });
  kafka.isAway = true;
  send(...range(1, 100));
  expect(delivery.status).toMatchObject({ isFull: true, spool: null });
  const kept = accounts().buffered;
  // The bound is looked at before a record is taken: all but the last one are within it.
  expect((delivery.status.memoryBytes / kept) * (kept - 1)).toBeLessThanOrEqual(10_000);
  expect(accounts().dropped).toBe(100 - kept);
  expect(lost.every(([reason]) => reason === 'buffer_full')).toBe(true);
  kafka.isAway = false;
  kafka.flow();
  await until(() => accounts().buffered === 0);
  expect(fullness).toEqual([true, false]);
  expect(kafka.read()).toEqual(inOrder(1, kept));
  send(201, 202);
  await until(() => accounts().buffered === 0);
  expect(kafka.log).toHaveLength(kept + 2);
});

test.each([
  ['that Kafka refuses', 'not_authorized', 'delivery_failed'],
  ['that Kafka will never take', 'message_too_large', 'rejected'],
] as const)('without a spool there is room again also after messages %s', async (_, code, reason) => {
  const { send, kafka, accounts, fullness, lost } = await live({ spool: false, delivery: { maxMemoryBytes: 10_000 } });
  kafka.isAway = true;
  send(...range(1, 100));
  const kept = accounts().buffered;
  kafka.failures.push(...Array.from({ length: kept }, () => ({ code, written: false })));
  kafka.isAway = false;
  kafka.flow();
  await until(() => accounts().buffered === 0);
  expect(lost.filter(([why]) => why === reason)).toHaveLength(kept);
  expect(fullness).toEqual([true, false]);
  send(201, 202);
  await until(() => accounts().acknowledged === 2);
});
