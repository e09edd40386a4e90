#!/usr/bin/env node
import { NaruError } from '@naru/core';
import { createProgram } from './command/program.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupted.abort(new Error(signal)));
}

try {
  await createProgram(interrupted.signal).parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof NaruError ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}
