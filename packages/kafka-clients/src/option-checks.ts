import { KafkaClientError } from './kafka-client-error.js';

const refuse = (name: string, value: unknown, expected: string): KafkaClientError =>
  new KafkaClientError(`${name} is ${describe(value)}; it must be ${expected}.`, { code: 'invalid_option' });

const describe = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

/** A whole number of at least `least`, or an error that names the option. */
export function wholeNumber(name: string, value: number, least = 0): number {
  if (!Number.isSafeInteger(value) || value < least) throw refuse(name, value, `a whole number of at least ${least}`);
  return value;
}

/** A finite duration in milliseconds, zero allowed. */
export function duration(name: string, value: number): number {
  if (!Number.isFinite(value) || value < 0) throw refuse(name, value, 'a finite number of milliseconds, 0 or more');
  return value;
}

/** One of the listed values. */
export function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (!allowed.includes(value)) throw refuse(name, value, `one of ${allowed.join(', ')}`);
  return value;
}

/** A text with at least one character. */
export function nonEmpty(name: string, value: string): string {
  if (typeof value !== 'string' || value.length === 0) throw refuse(name, value, 'a non-empty string');
  return value;
}

/** A list with at least one non-empty text. */
export function nonEmptyList(name: string, values: readonly string[]): readonly string[] {
  if (!Array.isArray(values) || values.length === 0) throw refuse(name, values, 'a list with at least one entry');
  for (const [index, value] of values.entries()) nonEmpty(`${name}[${index}]`, value);
  return values;
}
