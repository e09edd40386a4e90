import type { TimelineEntry } from '../../../timeline/command-timeline.js';
import { byId, element, write } from '../parts/element.js';
import { createTable } from '../parts/table.js';
import { clockWords, timeWords } from '../words/amounts.js';
import { statusOf } from '../words/status-words.js';
import { stepWords } from '../words/step-words.js';

export interface CommandsView {
  show(commands: readonly TimelineEntry[], now: number): void;
  /** Shows what has this in its correlation id or target. */
  seek(text: string): void;
}

/** What became of the latest commands, one row each, and their steps below. */
export function createCommandsView(): CommandsView {
  const sought = byId<HTMLInputElement>('sought');
  let [commands, now]: [readonly TimelineEntry[], number] = [[], 0];
  const table = createTable<TimelineEntry>({
    table: byId('commands'),
    keyOf: ({ id }) => id,
    columns: [
      { name: 'correlation id', cell: ({ id }) => id },
      { name: 'command', cell: ({ action }) => action ?? '–' },
      { name: 'target', cell: ({ target }) => target ?? '–' },
      { name: 'state', cell: statusOf },
      { name: 'began', cell: ({ beganAt }) => clockWords(beganAt, now), isNumber: true },
      { name: 'last step', cell: ({ updatedAt }) => `${timeWords(Math.max(0, now - updatedAt))} ago`, isNumber: true },
    ],
    more: showSteps,
  });
  const show = (): void => {
    const text = sought.value.trim().toLowerCase();
    table.show(commands.filter(({ id, target }) => `${id} ${target ?? ''}`.toLowerCase().includes(text)));
  };
  sought.addEventListener('input', show);
  return {
    show(given, at) {
      [commands, now] = [given, at];
      show();
    },
    seek(text) {
      sought.value = text;
      show();
      sought.scrollIntoView({ block: 'center' });
      sought.focus();
    },
  };
}

function showSteps({ beganAt, steps, leftOut }: TimelineEntry, place: HTMLElement): void {
  const list = place.querySelector('ol') ?? place.appendChild(element('ol'));
  const lines = steps.map((step) => `+${timeWords(step.at - beganAt)}  ${stepWords(step)}`);
  if (leftOut > 0) lines.push(`${leftOut} steps had no room.`);
  while (list.children.length < lines.length) list.append(element('li'));
  while (list.children.length > lines.length) list.lastElementChild?.remove();
  lines.forEach((line, index) => {
    write(list.children[index]!, line);
  });
}
