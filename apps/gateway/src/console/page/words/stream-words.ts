import type { StreamReport } from '../../../orchestration/target-books.js';
import type { ConnectionState } from '../../../streams/stream-connection.js';
import type { Look } from '../parts/element.js';
import type { Cell } from '../parts/table.js';
import { countWords, timeWords } from './amounts.js';

/** Where the sockets of a stream stand, each phase once: a sign, a word, and how many where there are several. */
export function stateOf({ stream }: Pick<StreamReport, 'stream'>): Cell {
  if (!stream) return { text: '○ ended', look: 'plain' };
  const phases = new Map<string, number>();
  for (const { state } of stream.connections) phases.set(state.phase, (phases.get(state.phase) ?? 0) + 1);
  if (phases.size === 0) return { text: '○ no socket', look: 'warn' };
  const looks = [...phases.keys()].map((phase) => signs[phase as ConnectionState['phase']].look);
  return {
    text: [...phases]
      .map(([phase, count]) => {
        const { sign } = signs[phase as ConnectionState['phase']];
        return `${sign} ${stream.connections.length > 1 ? `${count} ` : ''}${phase}`;
      })
      .join(', '),
    look: looks.includes('bad') ? 'bad' : looks.includes('warn') ? 'warn' : 'good',
  };
}

const signs: Readonly<Record<ConnectionState['phase'], { readonly sign: string; readonly look: Look }>> = {
  idle: { sign: '○', look: 'warn' },
  dialling: { sign: '◔', look: 'warn' },
  subscribing: { sign: '◑', look: 'warn' },
  live: { sign: '●', look: 'good' },
  waiting: { sign: '▲', look: 'bad' },
  closed: { sign: '○', look: 'warn' },
};

/** One socket in a sentence. */
export function socketWords(connection: NonNullable<StreamReport['stream']>['connections'][number]): string {
  const { id, epoch, state, ageMs, silentMs, symbols, confirmed } = connection;
  const name = id.slice(id.lastIndexOf('#'));
  const parts = [`${name} ${state.phase} for ${timeWords(ageMs)}`, `socket ${countWords(epoch)}`];
  if (state.phase === 'waiting') {
    parts.push(`next attempt in ${timeWords(Math.max(0, state.forMs - ageMs))}`, state.reason);
  } else {
    parts.push(`${countWords(confirmed)} of ${countWords(symbols)} symbols proved`);
    if (silentMs !== null) parts.push(`last sign of life ${timeWords(silentMs)} ago`);
  }
  return parts.join(' · ');
}
