/** A well-mixed 32-bit hash of a seed and up to two numbers: the source of everything that looks random here. */
export function hash32(seed: number, a: number, b = 0): number {
  let h = (seed ^ Math.imul(a | 0, 0x9e3779b1) ^ Math.imul(b | 0, 0x85ebca77)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d) >>> 0;
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) from the same inputs. */
export const unit = (seed: number, a: number, b = 0): number => hash32(seed, a, b) / 0x1_0000_0000;

/** A seed of its own for a named thing. */
export function seedOf(seed: number, name: string): number {
  let h = seed >>> 0;
  for (let i = 0; i < name.length; i += 1) h = hash32(h, name.charCodeAt(i), i);
  return h;
}
