/**
 * a − b, snapped to eight decimals where that only removes the noise of binary fractions: 0.10035 − −0.00017 is
 * 0.10052, not 0.10052000000000001.
 */
export function difference(a: number, b: number): number {
  const exact = a - b;
  const rounded = Math.round(exact * 1e8) / 1e8;
  return Math.abs(rounded - exact) <= Math.abs(exact) * 1e-12 ? rounded : exact;
}
