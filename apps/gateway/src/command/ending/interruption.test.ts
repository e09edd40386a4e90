import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createInterruption } from './interruption.js';

const never = new Promise<never>(() => {});

test.each(['SIGINT', 'SIGTERM'])('%s ends work that has not taken the signal, with its exit code', async (name) => {
  const process = new EventEmitter();
  const ended = createInterruption(process).unlessInterrupted(never);
  process.emit(name);
  await expect(ended).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
});

test('work that has taken the signal ends by itself', async () => {
  const process = new EventEmitter();
  const interruption = createInterruption(process);
  const signal = interruption.take();
  const ended = interruption.unlessInterrupted(
    new Promise((resolve) => signal.addEventListener('abort', () => resolve('in order'))),
  );
  process.emit('SIGTERM');
  expect(await ended).toBe('in order');
});

test('a signal that came before the work ends it too', async () => {
  const process = new EventEmitter();
  const interruption = createInterruption(process);
  process.emit('SIGINT');
  await expect(interruption.unlessInterrupted(never)).rejects.toMatchObject({ code: 'interrupted' });
});

test('a second signal finds nobody, so that it ends the process', () => {
  const process = new EventEmitter();
  createInterruption(process);
  process.emit('SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(0);
});
