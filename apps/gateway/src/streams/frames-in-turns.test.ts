import { expect, test } from 'vitest';
import { createFramesInTurns } from './frames-in-turns.js';

/** Frames that take a millisecond each, and turns of ten. */
function setUp(onFrame: (frame: number) => void = () => {}, held = false) {
  let nowMs = 0;
  const log: (number | string)[] = [];
  const frames = createFramesInTurns({
    handle(frame) {
      nowMs += 1;
      log.push(frame.readUInt16BE());
      onFrame(frame.readUInt16BE());
    },
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
    held,
    turnMs: 10,
    now: () => nowMs,
  });
  const receive = (from: number, to: number): void => {
    for (let n = from; n <= to; n += 1) frames.receive(Buffer.of(n >> 8, n & 0xff));
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const numbers = (): number[] => log.filter((entry) => typeof entry === 'number');
  return { frames, log, receive, turn, numbers };
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('a few frames are handled as they come, read after read', async () => {
  const { receive, turn, log } = setUp();
  for (let read = 0; read < 40; read += 1) {
    receive(read * 5 + 1, read * 5 + 5);
    await turn();
  }
  expect(log).toEqual(upTo(200));
});

test('of thousands in one read, as many as a turn has time for are handled in each turn, in order', async () => {
  const { receive, turn, log, numbers } = setUp();
  receive(1, 100);
  // Sixty-three without a look at the clock, then ten milliseconds.
  expect(numbers()).toEqual(upTo(73));
  expect(log.at(-1)).toBe('pause');
  await turn();
  expect(numbers()).toEqual(upTo(83));
  receive(101, 101);
  await turn();
  await turn();
  expect(log).toEqual([...upTo(73), 'pause', ...upTo(101).slice(73), 'resume']);
  receive(102, 103);
  expect(numbers()).toEqual(upTo(103));
});

test('the end of a socket comes after its last frame', async () => {
  const { frames, receive, turn, log } = setUp();
  receive(1, 90);
  frames.afterAll(() => log.push('end'));
  expect(log).not.toContain('end');
  await turn();
  await turn();
  expect(log.slice(-3)).toEqual([90, 'resume', 'end']);
  frames.afterAll(() => log.push('at once'));
  expect(log.at(-1)).toBe('at once');
});

test('frames of a socket that is given up are dropped, also by what one of them leads to, and its end still comes', async () => {
  const { frames, receive, turn, log, numbers } = setUp((frame) => frame === 80 && frames.drop());
  receive(1, 100);
  frames.afterAll(() => log.push('end'));
  await turn();
  await turn();
  expect(numbers()).toEqual(upTo(80));
  expect(log.at(-1)).toBe('end');
});

test('what comes before the start waits, every frame of it, and the socket is not read', async () => {
  const { frames, receive, turn, log, numbers } = setUp(undefined, true);
  receive(1, 1_500);
  expect(log).toEqual(['pause']);
  frames.start();
  receive(1_501, 1_502);
  while (!log.includes('resume')) await turn();
  expect(numbers()).toEqual(upTo(1_502));
  receive(1_503, 1_503);
  expect(log.at(-1)).toBe(1_503);
});
