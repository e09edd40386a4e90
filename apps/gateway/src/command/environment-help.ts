import { variables } from '../config/read-environment.js';

/** The variables as a table for a terminal. */
export function environmentHelp(): string {
  const width = Math.max(...variables.map(({ name }) => name.length));
  return variables
    .map(
      ({ name, meaning, takes, default: value }) => `  ${name.padEnd(width)}  ${meaning}; ${takes} (default: ${value})`,
    )
    .join('\n');
}
