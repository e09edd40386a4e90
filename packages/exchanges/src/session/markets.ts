import { isMarketCode } from '@naru/core';
import type { InstrumentList, SymbolRules } from '../adapter.js';
import { ExchangeError } from '../exchange-error.js';
import type { Reading } from './reading.js';

/** One market on one socket. */
export interface Market {
  readonly code: string;
  readonly wire: string;
  /** The subscription was proved and reported. */
  confirmed: boolean;
  /** Data arrived. */
  heard: boolean;
}

export interface MarketChange {
  /** Every market wanted after the change. */
  readonly all: readonly Market[];
  readonly added: readonly Market[];
  readonly removed: readonly Market[];
}

export interface MarketsOptions {
  readonly symbols: SymbolRules;
  readonly instruments: InstrumentList | undefined;
  readonly maximum: number;
  readonly anyMarket: boolean;
  readonly confirmedByData: boolean;
}

/** Bound on markets remembered when any market is accepted; beyond it they are read but not remembered. */
const maxUnaskedMarkets = 100_000;

/** The markets of one socket: which are wanted, which confirmed, which have been heard. */
export class Markets {
  readonly #options: MarketsOptions;
  readonly #byWire = new Map<string, Market>();
  readonly #wireByCode: ReadonlyMap<string, string>;

  constructor(options: MarketsOptions) {
    this.#options = options;
    this.#wireByCode = new Map([...(options.instruments ?? [])].map(([wire, code]) => [code, wire]));
  }

  /** Replaces the wanted set. */
  change(wanted: readonly string[]): MarketChange {
    const codes = new Set(wanted);
    const { maximum } = this.#options;
    if (codes.size > maximum) {
      throw new ExchangeError(
        'too_many_symbols',
        `${codes.size} symbols are more than the ${maximum} one socket may carry; divide them among connections.`,
      );
    }
    const next = new Map<string, Market>();
    const added: Market[] = [];
    for (const code of codes) {
      if (!isMarketCode(code)) {
        throw new ExchangeError(
          'invalid_market_code',
          `"${code}" is not a market code; write QUOTE-BASE, as in KRW-BTC.`,
        );
      }
      const wire = this.#wireByCode.get(code) ?? this.#options.symbols.toWire(code);
      const known = this.#byWire.get(wire);
      const market = known?.code === code ? known : { code, wire, confirmed: false, heard: false };
      if (market !== known) added.push(market);
      next.set(wire, market);
    }
    const removed = [...this.#byWire.values()].filter((market) => next.get(market.wire) !== market);
    this.#byWire.clear();
    for (const [wire, market] of next) this.#byWire.set(wire, market);
    return { all: [...next.values()], added, removed };
  }

  /** The market of a wire symbol; undefined when nobody asked for it or it is none. */
  find(wire: string): Market | undefined {
    return this.#byWire.get(wire) ?? (this.#options.anyMarket ? this.#unasked(wire) : undefined);
  }

  #unasked(wire: string): Market | undefined {
    const code = this.#options.instruments?.get(wire) ?? this.#options.symbols.toCode(wire);
    if (code === undefined) return undefined;
    const market = { code, wire, confirmed: false, heard: false };
    if (this.#byWire.size < maxUnaskedMarkets) this.#byWire.set(wire, market);
    return market;
  }

  /**
   * The market of a data frame. Reports what arrived for a symbol that has no market code; data for a market nobody
   * asked for (a late frame after a change) is passed over in silence.
   */
  ofData(wire: unknown, reading: Reading): Market | undefined {
    if (typeof wire !== 'string') {
      reading.fail('shape', 'The frame names no market.');
      return undefined;
    }
    const market = this.find(wire);
    if (market === undefined) {
      if (this.#options.anyMarket) reading.fail('symbol', `"${wire.slice(0, 40)}" has no market code.`);
      return undefined;
    }
    if (!market.heard) {
      market.heard = true;
      if (this.#options.confirmedByData) this.confirm(market, reading);
    }
    return market;
  }

  /** Reports a subscription as proved, once. */
  confirm(market: Market | undefined, reading: Reading): void {
    if (market === undefined || market.confirmed) return;
    market.confirmed = true;
    reading.confirm(market.code);
  }

  /** Reports a refusal and forgets the market, so that asking for it again subscribes again. */
  reject(market: Market, reason: string, reading: Reading): void {
    this.#byWire.delete(market.wire);
    reading.reject(reason, market.code);
  }

  get unconfirmed(): readonly string[] {
    return this.unconfirmedMarkets.map((market) => market.code);
  }

  get unconfirmedMarkets(): readonly Market[] {
    return [...this.#byWire.values()].filter((market) => !market.confirmed);
  }

  get silent(): readonly string[] {
    return [...this.#byWire.values()].filter((market) => !market.heard).map((market) => market.code);
  }
}
