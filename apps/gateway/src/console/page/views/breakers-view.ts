import type { BreakerReport } from '../../../composition/breakers.js';
import type { Api } from '../gateway/api.js';
import { askFor } from '../parts/dialog.js';
import { byId, element } from '../parts/element.js';
import { type Cell, createTable } from '../parts/table.js';
import { countWords, timeWords } from '../words/amounts.js';

const steps = {
  open: 'Nobody dials this target, in the whole fleet, until it is reset.',
  close: 'Whoever wants to dial this target may, whatever it does, until it is reset.',
  reset: 'The circuit is its own again, closed, as if nothing had happened.',
} as const;

/** Circuits, one row each, with the operator's hand on them. */
export function createBreakersView(api: Api, onChanged: () => void): (breakers: readonly BreakerReport[]) => void {
  let author = '';
  const steer = (name: string, action: keyof typeof steps): void =>
    askFor({
      title: `${action} ${name}`,
      text: steps[action],
      fields: [
        { name: 'reason', label: 'Why', type: 'text' },
        { name: 'author', label: 'Who you are', type: 'text', value: author },
      ],
      yes: action,
      async act({ reason, author: who = '' }) {
        author = who;
        await api.post(`/breakers/${name}/${action}`, { reason, author });
        onChanged();
        return undefined;
      },
    });
  const table = createTable<BreakerReport>({
    table: byId('breakers'),
    keyOf: ({ name }) => name,
    columns: [
      { name: 'target', cell: ({ name }) => name },
      { name: 'state', cell: stateOf },
      { name: 'for', cell: ({ ageMs }) => timeWords(ageMs), isNumber: true },
      { name: 'next probe', cell: probeWords, isNumber: true },
      { name: 'opened in a row', cell: ({ attempt }) => countWords(attempt), isNumber: true },
      {
        name: 'hand',
        cell: ({ mode, reason, author: who }) =>
          mode === 'automatic'
            ? 'automatic'
            : { text: `${mode}: ${reason ?? 'no reason'} (${who ?? 'unknown'})`, look: 'warn' },
      },
    ],
    more({ name }, place) {
      if (place.childElementCount > 0) return;
      const actions = Object.keys(steps) as (keyof typeof steps)[];
      for (const action of actions) {
        place.append(element('button', { type: 'button', click: () => steer(name, action) }, action), ' ');
      }
    },
  });
  return (breakers) => table.show(breakers);
}

function stateOf({ state, degraded, mode }: BreakerReport): Cell {
  if (mode === 'forced-open') return { text: '▲ held open', look: 'bad' };
  if (mode === 'forced-closed') return { text: '● held closed', look: 'warn' };
  if (degraded) return { text: `◌ ${state}, for this member alone: the shared store is away`, look: 'warn' };
  if (state === 'closed') return { text: '● closed', look: 'good' };
  return state === 'open' ? { text: '▲ open', look: 'bad' } : { text: `◑ ${state}`, look: 'warn' };
}

function probeWords({ state, mode, retryAfterMs, probing }: BreakerReport): string {
  if (state === 'closed' || mode !== 'automatic') return '–';
  if (state === 'open') return retryAfterMs > 0 ? `in ${timeWords(retryAfterMs)}` : 'with the next attempt';
  return probing > 0 ? 'under way' : `in ${timeWords(retryAfterMs)}`;
}
