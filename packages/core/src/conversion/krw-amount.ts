/**
 * An amount times a rate, rounded half away from zero to fifteen significant digits. Every decimal number of so many
 * digits has a double of its own, so the noise of binary fractions goes and nothing else: 0.1 × 1400.3 is 140.03, not
 * 140.03000000000003. A product of the decimals with at most fifteen digits is exact.
 */
export function krwAmount(amount: number, krwPerUsd: number): number {
  const product = amount * krwPerUsd;
  // Whole numbers within reach have no noise to lose.
  return Number.isSafeInteger(product) ? product : Number(product.toPrecision(15));
}
