import type { DeadLetter } from '../../../dead-letters/dead-letter.js';
import type { ReplayReport } from '../../../dead-letters/dead-letters.js';
import type { Api } from '../gateway/api.js';
import { askFor } from '../parts/dialog.js';
import { byId, element, write } from '../parts/element.js';
import { createTable } from '../parts/table.js';
import { clockWords, countWords } from '../words/amounts.js';
import { fromBase64, hexDump } from '../words/hex-dump.js';
import { replayWords } from '../words/replay-words.js';

/** Of one letter: a browser would be slow with megabytes of it, and /dead-letters has them all. */
const maxBytesShown = 16 * 1_024;

/** Dead letters are read when somebody asks for them: each reading is a walk through the topic's end. */
export function createLettersView(api: Api, seek: (correlationId: string) => void): void {
  const newest = byId<HTMLSelectElement>('newest');
  const button = byId<HTMLButtonElement>('read-letters');
  const note = byId('letters-note');
  const table = createTable<DeadLetter>({
    table: byId('letters'),
    keyOf: ({ partition, offset }) => `${partition}@${offset}`,
    columns: [
      { name: 'letter', cell: ({ partition, offset }) => `${partition}@${offset}`, isShort: true },
      { name: 'written', cell: ({ written_at }) => clockWords(Date.parse(written_at), Date.now()), isShort: true },
      {
        name: 'from',
        cell: ({ origin }) => (origin ? `${origin.topic.slice(0, 30)} ${origin.partition}@${origin.offset}` : '–'),
        isShort: true,
      },
      { name: 'reason', cell: ({ reason }) => (reason.length > 200 ? `${reason.slice(0, 200)}…` : reason) },
      { name: 'replays', cell: ({ replays }) => countWords(replays), isNumber: true },
    ],
    more(letter, place) {
      if (place.childElementCount === 0) place.append(...contentsOf(letter));
    },
  });

  const contentsOf = (letter: DeadLetter): Node[] => {
    const { reason, error_class, correlation_id, key, headers, text, value_base64 } = letter;
    const parts: Node[] = [element('p', {}, `${error_class ?? 'error'}: ${reason}`)];
    if (key !== null) parts.push(element('p', {}, `key: ${key}`));
    if (correlation_id !== null) {
      const find = element('button', { type: 'button', click: () => seek(correlation_id) }, 'Its steps');
      parts.push(element('p', {}, `correlation id: ${correlation_id} `, find));
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    parts.push(folded(`${lines.length} headers`, lines.join('\n')));
    if (text !== null) parts.push(element('pre', { class: 'wrapped', tabindex: '0' }, text));
    const bytes = fromBase64(value_base64 ?? '');
    parts.push(folded(`${countWords(bytes.length)} bytes`, hexDump(bytes, maxBytesShown)));
    parts.push(element('p', {}, element('button', { type: 'button', click: () => replay(letter) }, 'Send it back …')));
    return parts;
  };

  const replay = ({ partition, offset, origin }: DeadLetter): void =>
    askFor({
      title: `Send ${partition}@${offset} back`,
      text: `Its bytes go to ${origin?.topic ?? 'the topic that its header names'} again, with key and headers, and one more replay counted.`,
      fields: [
        { name: 'dry', label: 'only say what would be sent', type: 'checkbox' },
        { name: 'again', label: 'also when it was sent back before', type: 'checkbox' },
      ],
      yes: 'Send it back',
      async act({ dry, again }) {
        const to = String(BigInt(offset) + 1n);
        const body = { partition, from: offset, to, dry_run: dry === 'yes', again: again === 'yes' };
        return replayWords(await api.post<ReplayReport>('/dead-letters/replay', body));
      },
    });

  const read = async (): Promise<void> => {
    button.disabled = true;
    write(note, 'Reading …', 'plain');
    try {
      const { dead_letters } = await api.get<{ readonly dead_letters: readonly DeadLetter[] }>(
        `/dead-letters?newest=${newest.value}`,
      );
      table.show(dead_letters);
      const count = dead_letters.length;
      write(note, count === 0 ? 'There are none.' : `${count} read at ${clockWords(Date.now(), Date.now())}.`, 'plain');
    } catch (error) {
      write(note, (error as Error).message, 'bad');
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener('click', () => void read());
  table.show([]);
}

function folded(title: string, text: string): HTMLElement {
  return element('details', {}, element('summary', {}, title), element('pre', { tabindex: '0' }, text));
}
