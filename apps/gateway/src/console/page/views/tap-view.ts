import type { TapSecond } from '../../../tap/record-tap.js';
import type { Api } from '../gateway/api.js';
import { byId, element, write } from '../parts/element.js';
import { clockWords, countWords } from '../words/amounts.js';

const perSecond = 5;
const linesKept = 50;

/** A sample of one stream's records as they go by, the newest first. Answers how it learns which streams there are. */
export function createTapView(api: Api): (streams: readonly string[]) => void {
  const choice = byId<HTMLSelectElement>('tapped');
  const button = byId<HTMLButtonElement>('tap');
  const note = byId('tap-note');
  const lines = byId('tap-records');
  let reading: AbortController | undefined;

  const show = ({ until, records, left_out }: TapSecond): void => {
    const time = clockWords(until, until);
    lines.prepend(...[...records].reverse().map((record) => element('li', {}, `${time} ${record}`)));
    while (lines.children.length > linesKept) lines.lastElementChild?.remove();
    write(note, `${countWords(records.length)} in the last second, ${countWords(left_out)} left out`, 'plain');
  };
  const begin = async (stream: string): Promise<void> => {
    const ours = new AbortController();
    reading = ours;
    lines.replaceChildren();
    write(button, 'End');
    write(note, 'Waiting for a second …', 'plain');
    let why = 'The gateway ended it.';
    try {
      const path = `/tap?stream=${encodeURIComponent(stream)}&per_second=${perSecond}`;
      await api.follow<TapSecond>(path, show, ours.signal);
    } catch (error) {
      why = (error as Error).message;
    }
    // Who ended it has said so already.
    if (reading !== ours) return;
    reading = undefined;
    write(button, 'Begin');
    write(note, why, 'bad');
  };
  const end = (): void => {
    reading?.abort();
    reading = undefined;
    write(button, 'Begin');
    write(note, 'Ended.', 'plain');
  };
  button.addEventListener('click', () => (reading ? end() : void begin(choice.value)));
  choice.addEventListener('change', () => {
    if (!reading) return;
    end();
    void begin(choice.value);
  });
  // A page that nobody looks at reads nothing.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && reading) end();
  });

  return (streams) => {
    const known = [...choice.options].map(({ value }) => value);
    if (known.join() !== streams.join()) {
      const chosen = choice.value;
      choice.replaceChildren(...streams.map((name) => element('option', {}, name)));
      if (streams.includes(chosen)) choice.value = chosen;
    }
    button.disabled = streams.length === 0;
  };
}
