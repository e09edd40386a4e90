// A task for tests: answers each frame reversed. A frame "fail" fails, "die" ends the thread, and a frame that
// begins with "spin" keeps the thread busy for a while, so that others overtake it.
export function createTask({ spinRounds }) {
  return (frames) =>
    frames.map((frame) => {
      const text = frame.toString();
      if (text.startsWith('fail')) throw new Error('told to fail');
      if (text.startsWith('die')) process.exit(3);
      if (text.startsWith('spin')) for (let round = 0; round < spinRounds; round++) Math.sqrt(round);
      return Buffer.from(text.split('').reverse().join(''));
    });
}
