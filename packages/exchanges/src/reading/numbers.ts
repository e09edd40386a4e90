/**
 * The finite number in a JSON number or a decimal string, else NaN. Strings that JavaScript would read generously
 * (empty, blank, hexadecimal) are not numbers to an exchange.
 */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value - value === 0 ? value : Number.NaN;
  if (typeof value !== 'string') return Number.NaN;
  const first = value.charCodeAt(0);
  // '-', '.' or a digit; NaN (empty string) fails every comparison.
  if (!(first === 45 || first === 46 || (first >= 48 && first <= 57))) return Number.NaN;
  // 0x, 0b and 0o
  if (first === 48 && value.charCodeAt(1) > 57 && value.charCodeAt(1) !== 101 && value.charCodeAt(1) !== 69) {
    return Number.NaN;
  }
  const number = +value;
  return number - number === 0 ? number : Number.NaN;
}
