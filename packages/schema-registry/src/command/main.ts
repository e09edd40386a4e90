#!/usr/bin/env node
import { runSchemasCommand } from './program.js';

process.exitCode = await runSchemasCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  out: (text) => console.log(text),
  err: (text) => console.error(text),
});
