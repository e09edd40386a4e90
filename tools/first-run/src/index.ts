export type { Outcome } from './outcome.js';
