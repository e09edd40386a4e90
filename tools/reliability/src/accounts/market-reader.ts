import type { TradeRecord } from '@naru/core';

/** What Kafka holds of one market's sequence of trades. */
export interface MarketReading {
  readonly distinct: number;
  readonly duplicated: number;
  readonly misordered: number;
  /** Arrived after records of a later owner, under an older lease token. */
  readonly stale: number;
  readonly wrong: number;
  readonly highest: number;
}

/** What a trade of a known sequence is. */
export interface KnownTrade {
  readonly id: string;
  readonly price: number;
  readonly size: number;
}

/** Every so manieth record is held against what was sent, up to so many of a market. */
const sampledEvery = 97;
const maxSamples = 100;

/** Reads one market's records in the order of their partition. */
export class MarketReader {
  readonly #firstId: bigint;
  readonly #seen = new Set<number>();
  readonly #samples = new Map<number, Pick<TradeRecord, 'trade_price' | 'trade_volume'>>();
  #last = { index: -1, token: 0 };
  #records = 0;
  #misordered = 0;
  #stale = 0;
  #wrong = 0;
  #highest = -1;

  /** @param firstId of the trade at index 0 */
  constructor(firstId: string) {
    this.#firstId = BigInt(firstId);
  }

  /** @param token of the lease under which it was received */
  read(record: Pick<TradeRecord, 'sequential_id' | 'trade_price' | 'trade_volume'>, token: number): void {
    const index = Number(BigInt(record.sequential_id) - this.#firstId);
    this.#records += 1;
    if (index < 0) this.#wrong += 1;
    if (index % sampledEvery === 0 && this.#samples.size < maxSamples) this.#samples.set(index, record);
    if (this.#seen.has(index)) return;
    this.#seen.add(index);
    this.#highest = Math.max(this.#highest, index);
    if (token < this.#last.token) {
      // From an owner that was replaced: a reader knows it by its token and may pass it over.
      this.#stale += 1;
      return;
    }
    if (index < this.#last.index) this.#misordered += 1;
    this.#last = { index, token };
  }

  /** Compares the samples with what was sent. */
  async verify(known: (index: number) => Promise<KnownTrade>): Promise<void> {
    for (const [index, { trade_price, trade_volume }] of this.#samples) {
      const { price, size } = await known(index);
      if (trade_price !== price || trade_volume !== size) this.#wrong += 1;
    }
  }

  get reading(): MarketReading {
    return {
      distinct: this.#seen.size,
      duplicated: this.#records - this.#seen.size,
      misordered: this.#misordered,
      stale: this.#stale,
      wrong: this.#wrong,
      highest: this.#highest,
    };
  }
}
