import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createMessageStream } from './message-stream.js';
import type { ReceivedMessage } from './received-message.js';

const message = (offset: string) => ({ topic: 't', partition: 0, offset }) as ReceivedMessage;

test('listens to the signal of a partition only while a message of it is not done', async () => {
  const { signal } = new AbortController();
  const stream = createMessageStream();
  let handled: Promise<unknown> = Promise.resolve();
  for (let offset = 0; offset < 50; offset += 1) {
    const before = handled;
    handled = Promise.resolve(stream.handler(message(String(offset)), { signal, attempt: 1 }));
    expect((await stream.messages.next()).value?.offset).toBe(String(offset));
    await before;
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  }
  void stream.messages.next();
  await handled;
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('an aborted message is abandoned, and nobody listens any more', async () => {
  const partition = new AbortController();
  const stream = createMessageStream();
  const handled = stream.handler(message('0'), { signal: partition.signal, attempt: 1 });
  partition.abort();
  await expect(handled).rejects.toThrow();
  expect(getEventListeners(partition.signal, 'abort')).toHaveLength(0);
});
