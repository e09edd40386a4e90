export type { CheckResult } from './check-repository.js';
export { checkRepository } from './check-repository.js';
export type { Problem } from './problem.js';
export { describeProblem } from './problem.js';
