import { NaruError } from '@naru/core';
import { CommandFailure, exitCodeOf } from './command-failure.js';

/** What a command writes on stderr when it fails: a sentence, or with `--json` one JSON object on a line. */
export function errorText(error: unknown, { json }: { readonly json: boolean }): string {
  const message = sentenceOf(error);
  if (!json) return `naru: ${message}\n`;
  const code = error instanceof CommandFailure || error instanceof NaruError ? error.code : 'failed';
  return `${JSON.stringify({ error: { code, message, exit_code: exitCodeOf(error) } })}\n`;
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Several addresses were tried, say, and none answered: Node says so without a word.
  return message === '' && error instanceof Error ? error.name : message;
}

/** Whether the arguments ask for JSON, also where they are wrong otherwise. What follows `--` is no option. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}
