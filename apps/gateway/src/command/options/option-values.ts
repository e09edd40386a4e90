import { InvalidArgumentError } from 'commander';

/** Reads a whole number of an option; commander names the option in the error. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < min || number > max) {
      throw new InvalidArgumentError(
        max === Number.MAX_SAFE_INTEGER
          ? `Give a whole number from ${min}.`
          : `Give a whole number from ${min} to ${max}.`,
      );
    }
    return number;
  };
}

export function positiveNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return number;
}

/** An offset: digits, as it may be beyond 2^53. */
export function offset(text: string): string {
  if (!/^\d{1,19}$/.test(text)) throw new InvalidArgumentError('Give an offset, such as 42.');
  return text;
}
