import { silentLogger } from '@naru/core';
import { expect, test } from 'vitest';
import { createClosingStack } from './closing-stack.js';

test('closes in the opposite order, once, and goes on after a failure', async () => {
  const order: string[] = [];
  const logged: string[] = [];
  const stack = createClosingStack({ ...silentLogger, error: (message) => logged.push(message) });
  stack.defer('first', () => order.push('first'));
  stack.defer('second', () => {
    throw new Error('stuck');
  });
  stack.defer('third', async () => order.push('third'));
  await Promise.all([stack.close(), stack.close()]);
  expect(order).toEqual(['third', 'first']);
  expect(logged).toEqual(['second did not close']);
});

test('closes at once what is opened when all is closed', async () => {
  const order: string[] = [];
  const stack = createClosingStack(silentLogger);
  stack.defer('first', () => order.push('first'));
  await stack.close();
  stack.defer('late', () => order.push('late'));
  expect(order).toEqual(['first', 'late']);
});
