import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks at the loop; an idle loop shows this much. */
const resolution = 10;

/** Reads the 99th percentile of the event loop's delay since the last reading, in milliseconds. */
export function watchEventLoop(): { readonly readP99Ms: () => number; readonly stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return {
    readP99Ms() {
      const p99 = histogram.percentile(99) / 1e6;
      histogram.reset();
      return Math.max(0, p99 - resolution);
    },
    stop: () => histogram.disable(),
  };
}
