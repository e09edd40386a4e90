import type { Accounts } from '../../../publishing/accounts.js';
import type { Cell } from '../parts/table.js';
import { countWords } from './amounts.js';

/** The identity in numbers, and whether it holds. */
export function identityOf({ received, acknowledged, conflated, dropped, buffered }: Accounts): Cell {
  const missing = received - acknowledged - conflated - dropped - buffered;
  const sum = `${countWords(received)} received = ${countWords(acknowledged)} acknowledged + ${countWords(conflated)} conflated + ${countWords(dropped)} dropped + ${countWords(buffered)} buffered`;
  return missing === 0
    ? { text: `✓ ${sum}`, look: dropped > 0 ? 'warn' : 'good' }
    : { text: `✗ ${sum}: ${countWords(Math.abs(missing))} ${missing > 0 ? 'missing' : 'too many'}`, look: 'bad' };
}
