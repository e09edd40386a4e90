import type { ReplayReport } from '../../../dead-letters/dead-letters.js';

/** What a replay of one letter came to. */
export function replayWords({ dry_run, sent, messages: [first] }: ReplayReport): string {
  if (first === undefined) return 'Nothing was sent: it was sent back before, or is no longer kept.';
  if (first.skipped !== undefined) return `Left out: ${first.skipped}.`;
  return dry_run ? `It would go to ${first.topic}.` : `${sent} sent to ${first.topic}.`;
}
