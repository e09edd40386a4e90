import { expect, test } from 'vitest';
import { expectPlayed, playInTurn } from './play-in-turn.js';

const never = (): Promise<never> => new Promise(() => {});

test('plays every case in its turn, whatever comes of one, and tells of each', async () => {
  const played: string[] = [];
  const [first, second, third] = await playInTurn([
    async () => void played.push('first'),
    () => Promise.reject(new Error('broken')),
    async () => void played.push('third'),
  ]);
  expect(played).toEqual(['first', 'third']);
  expectPlayed(first);
  expect(() => expectPlayed(second)).toThrow('broken');
  expectPlayed(third);
});

test('a case of which nothing comes is late, and after three of them the rest is not played', async () => {
  let played = 0;
  const count = async (): Promise<void> => {
    played += 1;
  };
  const outcomes = await playInTurn([never, count, never, never, count], 1);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'rejected']);
  expect(played).toBe(1);
  expect(() => expectPlayed(outcomes[0])).toThrow('Nothing had come of it after 1 ms.');
  expect(() => expectPlayed(outcomes[4])).toThrow('was not played');
});
