import { appendFile } from 'node:fs/promises';
import type { Figure } from './hostile-run.js';

/** Appends a line of JSON to the file that `NARU_FIGURES` names, for whoever collects them. Without it, nothing. */
export async function reportFigures(suite: string, figures: readonly Figure[]): Promise<void> {
  const file = process.env.NARU_FIGURES;
  if (!file) return;
  const slowest = [...figures].sort((a, b) => b.longestBlockMs - a.longestBlockMs).slice(0, 5);
  await appendFile(file, `${JSON.stringify({ suite, cases: figures.length, slowest })}\n`);
}
