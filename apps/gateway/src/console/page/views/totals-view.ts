import type { DeliveryStatus } from '../../../publishing/delivery.js';
import { createRates } from '../gateway/rates.js';
import { byId, element, type Look, write } from '../parts/element.js';
import { identityOf } from '../words/account-words.js';
import { byteWords, countWords, rateWords, timeWords } from '../words/amounts.js';
import type { StreamsAnswer } from './streams-view.js';

/** The whole at a glance: the identity, speed, waits, and what waits on disk. */
export function createTotalsView(): (answer: StreamsAnswer, spool: DeliveryStatus | null) => void {
  const rates = createRates();
  const tiles = new Map<string, { readonly value: HTMLElement; readonly note: HTMLElement }>();
  const tile = (name: string, text: string, { note = '', look = 'plain' as Look } = {}): void => {
    let made = tiles.get(name);
    if (!made) {
      made = { value: element('dd'), note: element('dd', { class: 'faint' }) };
      byId('totals').append(element('div', {}, element('dt', {}, name), made.value, made.note));
      tiles.set(name, made);
    }
    write(made.value, text, look);
    write(made.note, note);
  };
  return ({ now, totals, streams }, spool) => {
    const identity = identityOf(totals);
    write(byId('identity'), identity.text, identity.look);
    rates.read(
      now,
      new Map([
        ['received', totals.received],
        ['acknowledged', totals.acknowledged],
        ['frames', streams.reduce((sum, { stream }) => sum + (stream?.frames ?? 0), 0)],
      ]),
    );
    tile('received', `${rateWords(rates.of('received'))}/s`, { note: `${rateWords(rates.of('frames'))} frames/s` });
    tile('acknowledged', `${rateWords(rates.of('acknowledged'))}/s`);
    tile('receipt to acknowledgement', `p50 ${timeWords(totals.latency?.p50)}`, {
      note: `p99 ${timeWords(totals.latency?.p99)}`,
    });
    tile('buffered', countWords(totals.buffered), { note: `${countWords(totals.spooled)} of them in the spool` });
    showSpool(tile, now, spool);
  };
}

function showSpool(
  tile: (name: string, text: string, more?: { note?: string; look?: Look }) => void,
  now: number,
  status: DeliveryStatus | null,
): void {
  if (!status?.spool) {
    tile('spool', 'none', { note: 'NARU_SPOOL_DIRECTORY sets one' });
    return;
  }
  const { messages, bytes, maxBytes, oldestTimestamp, failure, damaged } = status.spool;
  const share = Math.round((bytes / maxBytes) * 100);
  const oldest = oldestTimestamp === null ? '' : `, the oldest ${timeWords(Math.max(0, now - oldestTimestamp))}`;
  const broken = damaged > 0 ? `, ${countWords(damaged)} damaged places` : '';
  const disk = failure
    ? `the disk refuses: ${failure.code}`
    : `${byteWords(bytes)} of ${byteWords(maxBytes)} (${share} %)`;
  tile('spool', `${countWords(messages)} messages`, {
    note: `${disk}${oldest}${broken}; records go ${status.mode === 'direct' ? 'directly' : 'through it'}`,
    look: failure || status.isFull ? 'bad' : messages > 0 ? 'warn' : 'plain',
  });
}
