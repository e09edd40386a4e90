import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The garbage collector, which Node hides unless it is asked for. */
function collector(): () => void {
  setFlagsFromString('--expose_gc');
  return runInNewContext('gc') as () => void;
}

/** Bytes of heap that each of `frames` calls, shared among `calls`, leaves behind. */
export function retainedBytesPerFrame(calls: readonly (() => void)[], frames: number): number {
  const collect = collector();
  const run = (count: number): void => {
    for (let i = 0; i < count; i += 1) calls[i % calls.length]!();
  };
  run(Math.min(frames, 50_000));
  collect();
  const before = process.memoryUsage().heapUsed;
  run(frames);
  collect();
  return Math.max(0, process.memoryUsage().heapUsed - before) / frames;
}
