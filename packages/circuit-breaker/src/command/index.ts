export { type BreakerCommandOptions, createBreakerCommand } from './breaker-command.js';
