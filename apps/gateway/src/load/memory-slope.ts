/** Resident memory at one moment. */
export interface MemorySample {
  readonly second: number;
  readonly mib: number;
}

/** How fast memory grows, in MiB a minute, by least squares; 0 with fewer than two samples. */
export function memorySlope(samples: readonly MemorySample[]): number {
  const { length } = samples;
  if (length < 2) return 0;
  const mean = (value: (sample: MemorySample) => number): number =>
    samples.reduce((sum, sample) => sum + value(sample), 0) / length;
  const second = mean((sample) => sample.second);
  const mib = mean((sample) => sample.mib);
  let both = 0;
  let square = 0;
  for (const sample of samples) {
    both += (sample.second - second) * (sample.mib - mib);
    square += (sample.second - second) ** 2;
  }
  return square === 0 ? 0 : (both / square) * 60;
}
