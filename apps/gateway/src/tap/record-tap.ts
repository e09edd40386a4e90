import type { Clock, MarketRecord } from '@naru/core';
import type { RecordPublisher } from '../publishing/record-publisher.js';

/** What a reader gets of one second. */
export interface TapSecond {
  /** Unix milliseconds at which it ended. */
  readonly until: number;
  /** Records as JSON, the first of the second; of a longer one its first two thousand characters. */
  readonly records: readonly string[];
  /** Records of this second that are not among them. */
  readonly left_out: number;
}

/** A sample of what a publisher takes, each second, to a few readers. */
export interface RecordTap {
  /**
   * Begins to read; the answer ends it. Undefined when there are as many readers as may be.
   *
   * @param perSecond the most records of a second, from 1 to `maxPerSecond`
   */
  read(publisher: Source, perSecond: number, onSecond: (second: TapSecond) => void): (() => void) | undefined;
}

type Source = Pick<RecordPublisher, 'listen'>;

export const maxReaders = 4;
export const maxPerSecond = 50;
/** An order book may be far longer than anybody reads. */
const maxText = 2_000;
const secondMs = 1_000;

export function createRecordTap({ clock }: { readonly clock: Pick<Clock, 'now' | 'schedule'> }): RecordTap {
  let readers = 0;
  return {
    read(publisher, perSecond, onSecond) {
      if (readers >= maxReaders) return undefined;
      readers += 1;
      let records: string[] = [];
      let received = 0;
      const unlisten = publisher.listen((batch, asPublished) => {
        for (const record of batch.slice(0, perSecond - records.length)) records.push(textOf(asPublished(record)));
        received += batch.length;
      });
      const endSecond = (): void => {
        const second = { until: Math.round(clock.now()), records, left_out: received - records.length };
        records = [];
        received = 0;
        cancel = clock.schedule(secondMs, endSecond);
        onSecond(second);
      };
      let cancel = clock.schedule(secondMs, endSecond);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        readers -= 1;
        unlisten();
        cancel();
      };
    },
  };
}

function textOf(record: MarketRecord): string {
  const text = JSON.stringify(record);
  return text.length > maxText ? `${text.slice(0, maxText)}…` : text;
}
