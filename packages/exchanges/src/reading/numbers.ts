/** Powers of ten that a double holds exactly. */
const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/**
 * The finite number in a JSON number or a decimal string, else NaN. Strings that JavaScript would read generously
 * (empty, blank, hexadecimal) are not numbers to an exchange.
 */
export function toNumber(value: unknown): number {
  if (typeof value === 'number') return value - value === 0 ? value : Number.NaN;
  return typeof value === 'string' ? decimal(value) : Number.NaN;
}

/**
 * Reads plain decimals itself, which is several times faster than the general conversion: as long as the digits make
 * an integer below 2^53, one division by an exact power of ten gives the nearest double. All else goes the long way.
 */
function decimal(text: string): number {
  const { length } = text;
  const negative = text.charCodeAt(0) === 45;
  let at = negative ? 1 : 0;
  let digits = 0;
  let point = -1;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits = digits * 10 + (code - 48);
    else if (code === 46 && point < 0) point = at;
    else return generalDecimal(text);
  }
  const decimals = point < 0 ? 0 : length - point - 1;
  if (length > 16 || decimals > 22 || length < (negative ? 2 : 1) + (point < 0 ? 0 : 1)) return generalDecimal(text);
  const number = digits / powersOfTen[decimals]!;
  return negative ? -number : number;
}

const decimalForm = /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function generalDecimal(text: string): number {
  if (!decimalForm.test(text)) return Number.NaN;
  const number = Number(text);
  return number - number === 0 ? number : Number.NaN;
}
