import type { TimelineEntry } from '../../../timeline/command-timeline.js';
import type { Cell } from '../parts/table.js';

/** Where a command stands; one that is done and still has symbols without a proof says so. */
export function statusOf({ status, steps }: Pick<TimelineEntry, 'status' | 'steps'>): Cell {
  switch (status) {
    case 'done':
      return doneWords(steps);
    case 'dead_lettered':
      return { text: '✗ dead letter', look: 'bad' };
    case 'expired':
      return { text: '✗ expired', look: 'bad' };
    case 'abandoned':
      return { text: '↷ left to another member', look: 'warn' };
    default:
      return { text: '… under way', look: 'warn' };
  }
}

function doneWords(steps: TimelineEntry['steps']): Cell {
  const { pending = 0, refused = 0 } = steps.findLast((step) => step.step === 'done') ?? {};
  if (pending + refused === 0) return { text: '✓ done', look: 'good' };
  const rest = [...(refused > 0 ? [`${refused} refused`] : []), ...(pending > 0 ? [`${pending} pending`] : [])];
  return { text: `✓ done, ${rest.join(', ')}`, look: 'warn' };
}
