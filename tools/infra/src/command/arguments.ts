import { InfraError } from '../infra-error.js';

export type Mode = 'auto' | 'docker' | 'local';

/** 1 or 3: two brokers have no majority when one is away, more than three teach nothing new. */
export function parseBrokers(value: string): 1 | 3 {
  if (value === '1') return 1;
  if (value === '3') return 3;
  throw new InfraError('invalid_argument', `--brokers is "${value}"; give 1 or 3.`);
}

export function parseMode(value: string): Mode {
  if (value === 'auto' || value === 'docker' || value === 'local') return value;
  throw new InfraError('invalid_argument', `--mode is "${value}"; give auto, docker or local.`);
}
