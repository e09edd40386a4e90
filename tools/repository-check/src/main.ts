#!/usr/bin/env node
// Checks the checkout that this file belongs to, or the one given as the argument. Exits 1 when something is wrong.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRepository } from './check-repository.js';
import { describeProblem } from './problem.js';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('../../..', import.meta.url)));
const { packages, files, problems } = await checkRepository(root);
for (const problem of problems) process.stdout.write(`${describeProblem(problem)}\n`);
const count =
  problems.length === 0 ? 'no problem' : problems.length === 1 ? '1 problem' : `${problems.length} problems`;
process.stdout.write(`repository check: ${packages} packages, ${files} files, ${count}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
