import { afterEach, describe, expect, test } from 'vitest';
import { schemaText } from './project-schemas.js';

// Threads run built code, so the whole of it is taken from there.
const { createAvroCodec, createOffload, createTranscoder } = (await import(
  new URL('../dist/index.js', import.meta.url).href
)) as typeof import('../src/index.js');
type Offload = ReturnType<typeof createOffload>;

const task = new URL('./delay-task.mjs', import.meta.url);
const open: Offload[] = [];
const create = (options: Partial<Parameters<typeof createOffload>[0]> = {}): Offload => {
  const offload = createOffload({
    task,
    options: { spinRounds: 20_000_000 },
    thresholdBytes: 8,
    threads: 2,
    ...options,
  });
  open.push(offload);
  return offload;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((offload) => offload.close()));
});

const texts = (frames: readonly Uint8Array[]): string[] => frames.map((frame) => Buffer.from(frame).toString());
const frame = (text: string): Buffer => Buffer.from(text);

test('answers the same from this thread and from another', async () => {
  const offload = create();
  expect(texts(await offload.run([frame('abc'), frame('')]))).toEqual(['cba', '']);
  expect(texts(await offload.run([frame('abcdefgh'), frame('ijk')]))).toEqual(['hgfedcba', 'kji']);
});

test('answers in the order of the calls, whoever is done first', async () => {
  const offload = create();
  const order: number[] = [];
  const calls = [frame('spin-a-while'), frame('quick-one'), frame('tiny'), frame('another-quick')].map((bytes, index) =>
    offload.run([bytes]).then(() => void order.push(index)),
  );
  await Promise.all(calls);
  expect(order).toEqual([0, 1, 2, 3]);
});

test('leaves the frames it was given untouched, also those that share memory', async () => {
  const offload = create();
  const slab = frame('0123456789abcdef');
  const part = slab.subarray(2, 12);
  await offload.run([part]);
  expect(slab.toString()).toBe('0123456789abcdef');
  expect(part.toString()).toBe('23456789ab');
});

test('an error of the task reaches its own call only', async () => {
  const offload = create();
  const calls = await Promise.allSettled([
    offload.run([frame('fail far away')]),
    offload.run([frame('fail')]),
    offload.run([frame('fine, thanks')]),
  ]);
  expect(calls.map((call) => call.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(calls[0]).toMatchObject({ reason: { message: 'told to fail', code: 'worker_failed' } });
  expect(calls[1]).toMatchObject({ reason: { message: 'told to fail' } });
});

test('the end of a thread fails its call, and the next one gets a new thread', async () => {
  const offload = create({ threads: 1 });
  await expect(offload.run([frame('die, thread')])).rejects.toMatchObject({ code: 'worker_failed', retryable: true });
  expect(texts(await offload.run([frame('are you back?')]))).toEqual(['?kcab uoy era']);
});

test('refuses more calls or bytes than it was told to hold, and forgets those that are answered', async () => {
  const offload = create({ maxQueued: 2, maxQueuedBytes: 40 });
  const first = offload.run([frame('spin-a-while')]);
  const second = offload.run([frame('quick')]);
  await expect(offload.run([frame('third')])).rejects.toMatchObject({ code: 'queue_full', retryable: true });
  await Promise.all([first, second]);
  expect([offload.queued, offload.queuedBytes]).toEqual([0, 0]);
  await expect(offload.run([Buffer.alloc(41)])).rejects.toMatchObject({ code: 'queue_full' });
  expect(texts(await offload.run([frame('third')]))).toEqual(['driht']);
});

test('close waits for what is under way, is safe to call twice, and ends the rest', async () => {
  const offload = create();
  const last = offload.run([frame('spin-a-while')]);
  const closed = Promise.all([offload.close(), offload.close()]);
  await expect(offload.run([frame('late')])).rejects.toMatchObject({ code: 'closed' });
  expect(texts(await last)).toEqual(['elihw-a-nips']);
  await closed;
});

test('names an impossible option', () => {
  expect(() => createOffload({ task, threads: 0 })).toThrow('Option "threads" is 0');
});

describe('the transcoder', () => {
  const schema = schemaText('trade_data.avsc');
  const batch = (size: number): object => ({
    exchange: 'upbit',
    region: 'korea',
    request_type: 'trade',
    timestamp_ms: 1_730_336_862_082,
    batch_size: size,
    data: Array.from({ length: size }, (_, index) => ({
      code: 'KRW-BTC',
      trade_timestamp: 1_730_336_862.082 + index,
      trade_price: 100_473_000,
      sequential_id: `1730336862082000012${index}`,
      received_at: 1_730_336_862.2,
    })),
  });

  test.each([1, 2_000])('turns a batch of %d records from JSON to Avro and back', async (size) => {
    const avro = { schema, id: 9 };
    await using forth = createTranscoder({ direction: 'json-to-avro', avro });
    await using back = createTranscoder({ direction: 'avro-to-json', avro });
    const value = batch(size);
    const [message] = await forth.run([frame(JSON.stringify(value))]);
    expect(message).toEqual(createAvroCodec(avro).encode(value));
    const [text] = await back.run([message!]);
    expect(JSON.parse(text!.toString())).toMatchObject(value);
  });

  test('names the failing field from another thread as well', async () => {
    await using offload = createTranscoder({ direction: 'json-to-avro', avro: { schema, id: 9 }, thresholdBytes: 0 });
    await expect(offload.run([frame('{"exchange":5}')])).rejects.toMatchObject({
      name: 'SerializationError',
      code: 'invalid_value',
      path: '/exchange',
    });
    await expect(offload.run([frame('{')])).rejects.toMatchObject({ code: 'invalid_bytes' });
  });
});
