import type { SentSequence } from '../processes/simulator.js';
import type { MarketReading } from './market-reader.js';

/** What became of every record of the known sequences. */
export interface Outcome {
  /** Live frames that the exchanges made. */
  readonly sent: number;
  /** Different ones of them in Kafka. */
  readonly kept: number;
  /** Made while no socket was open: nobody could have had them. */
  readonly unheard: number;
  /** Sent on an open socket and not in Kafka: under way when something ended, or lost after receipt. */
  readonly lost: number;
  /** Of the lost ones those that the gateways say they dropped. */
  readonly dropped: number;
  /** In Kafka more than once: how many more. */
  readonly duplicated: number;
  /** Neighbours in a market that stand in the wrong order, looking at each record's first time only. */
  readonly misordered: number;
  /** Delivered by an owner after it was replaced: behind newer records, with the older lease token that tells. */
  readonly stale: number;
  /** In Kafka and never sent, or with another price or size: never anything but 0. */
  readonly wrong: number;
}

/**
 * @param readings by `exchange/code`
 * @param dropped what the gateways say they lost
 */
export function accountFor(
  sequences: readonly SentSequence[],
  readings: ReadonlyMap<string, MarketReading>,
  dropped: number,
): Outcome {
  let [sent, kept, unheard, duplicated, misordered, stale, wrong] = [0, 0, 0, 0, 0, 0, 0];
  for (const sequence of sequences) {
    const reading = readings.get(`${sequence.exchange}/${sequence.code}`);
    sent += sequence.sent;
    unheard += sequence.unheard;
    if (!reading) continue;
    kept += reading.distinct;
    duplicated += reading.duplicated;
    misordered += reading.misordered;
    stale += reading.stale;
    wrong += reading.wrong + (reading.highest >= sequence.sent ? 1 : 0);
  }
  return { sent, kept, unheard, lost: sent - unheard - kept, dropped, duplicated, misordered, stale, wrong };
}
