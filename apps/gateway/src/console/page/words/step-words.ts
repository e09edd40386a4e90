import type { TimelineStep } from '../../../timeline/command-timeline.js';

/** A step in words. */
export function stepWords(step: TimelineStep): string {
  const again = step.times > 1 && step.step !== 'proved' ? ` (${step.times} times)` : '';
  return `${wordsOf(step)}${again}`;
}

function wordsOf(step: TimelineStep): string {
  switch (step.step) {
    case 'received':
      return `received from ${step.from}: ${step.action} ${step.target}`;
    case 'forwarded':
      return `forwarded to ${step.owner}, which owns the target`;
    case 'owned':
      return `owned here, lease ${step.leaseToken}`;
    case 'dialled':
      return `dialled: socket ${step.socket} of ${step.connection} is open`;
    case 'proved':
      return `proved: ${step.symbols.join(', ')}${step.unnamed ? ` and ${step.unnamed} more` : ''}`;
    case 'refused':
      return `refused: ${step.message}`;
    case 'trouble':
      return `${step.code}: ${step.message}`;
    case 'done': {
      const { result, confirmed, refused, pending } = step;
      const counts = confirmed === undefined ? '' : `: ${confirmed} proved, ${refused} refused, ${pending} pending`;
      return `done, ${result.replaceAll('_', ' ')}${counts}`;
    }
    case 'dead_lettered':
      return `dead letter: ${step.reason}`;
    default:
      return step.step;
  }
}
