const WARM_UP_MS = 300;
const SLICE_MS = 40;
const SLICES = 9;

/**
 * Microseconds of processor time per call, the median of several slices, after the engine has compiled what it wants
 * to. Processor time, garbage collection included, says the same on a machine that has other work to do.
 */
export async function microsPerCall(call: (turn: number) => unknown): Promise<number> {
  let turn = 0;
  let sink: unknown;
  const runFor = async (ms: number): Promise<number> => {
    const before = process.cpuUsage();
    let calls = 0;
    for (let used = 0; used < ms * 1_000; used = sinceMicros(before)) {
      for (let burst = 0; burst < 100; burst += 1) {
        const result = call(turn++);
        sink = result instanceof Promise ? await result : result;
      }
      calls += 100;
    }
    return sinceMicros(before) / calls;
  };
  await runFor(WARM_UP_MS);
  const slices: number[] = [];
  for (let slice = 0; slice < SLICES; slice += 1) slices.push(await runFor(SLICE_MS));
  if (sink === undefined) throw new Error('The call answers nothing, so it may have been optimised away.');
  return slices.sort((a, b) => a - b)[SLICES >> 1]!;
}

function sinceMicros(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
