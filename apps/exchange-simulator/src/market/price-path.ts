import { unit } from './hash.js';

/** Lattice spacing and relative weight of each octave; the weights fall with the square root, as a random walk's do. */
const octaves = [16_384, 4_096, 1_024, 256, 64, 16, 4, 1].map((period, octave) => ({
  period,
  octave,
  weight: Math.sqrt(period / 16_384),
}));

/**
 * Where a random-looking walk stands at `index`, roughly within ±1, without walking there: sums of noise between
 * lattice points, so that any element of a sequence can be computed alone.
 */
export function walkAt(seed: number, index: number): number {
  let sum = 0;
  for (const { period, octave, weight } of octaves) {
    const cell = Math.floor(index / period);
    const within = index / period - cell;
    const from = unit(seed, cell, octave) * 2 - 1;
    const to = unit(seed, cell + 1, octave) * 2 - 1;
    sum += (from + (to - from) * within) * weight;
  }
  return sum / 2;
}
