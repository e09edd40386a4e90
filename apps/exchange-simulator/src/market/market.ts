import { parseMarketCode } from '@naru/core';
import { seedOf, unit } from './hash.js';
import { walkAt } from './price-path.js';

const usdPrices: Readonly<Record<string, number>> = {
  BTC: 83_000,
  ETH: 2_700,
  XRP: 2.4,
  SOL: 190,
  DOGE: 0.21,
  ADA: 0.7,
};
const usdPerQuote: Readonly<Record<string, number>> = {
  KRW: 1 / 1_400,
  BTC: 83_000,
  ETH: 2_700,
  EUR: 1.1,
  JPY: 1 / 150,
};

/** Integer multiples of a power of ten, so that every number sent has exact digits. */
export interface Decimal {
  readonly units: number;
  readonly decimals: number;
}

/** The digits of a decimal, such as `0.05` for 5 units with 2 decimals. */
export function digitsOf({ units, decimals }: Decimal): string {
  if (decimals === 0) return String(units);
  if (units < 0) return `-${digitsOf({ units: -units, decimals })}`;
  // Two thirds of the time of toFixed, and a frame has up to sixty of them.
  const digits = String(units).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** The number the digits stand for. */
export const numberOf = (decimal: Decimal): number => Number(digitsOf(decimal));

/** One market of one exchange: its prices are a function of the seed, its name and an index. */
export class SimulatedMarket {
  readonly exchange: string;
  readonly code: string;
  readonly quote: string;
  readonly base: string;
  readonly seed: number;
  readonly priceDecimals: number;
  readonly sizeDecimals = 6;
  readonly #middle: number;

  constructor(exchange: string, code: string, seed: number) {
    const { quote, base } = parseMarketCode(code);
    this.exchange = exchange;
    this.code = code;
    this.quote = quote;
    this.base = base;
    this.seed = seedOf(seed, `${exchange}/${code}`);
    const usd = usdPrices[base] ?? 10 ** (unit(this.seed, -1) * 5 - 2);
    const price = usd / (usdPerQuote[quote] ?? 1);
    this.priceDecimals = Math.max(0, 5 - Math.floor(Math.log10(price)));
    this.#middle = price * 10 ** this.priceDecimals;
  }

  /** The price at `index`, in units of the last decimal. It stays within 15 % of its middle. */
  priceUnits(index: number): number {
    return Math.max(1, Math.round(this.#middle * (1 + 0.1 * walkAt(this.seed, index))));
  }

  price(units: number): Decimal {
    return { units, decimals: this.priceDecimals };
  }

  /** A positive size from a salt and an index: many small, few large. */
  size(salt: number, index: number): Decimal {
    const u = unit(this.seed, index, salt);
    return { units: 1 + Math.floor(u ** 4 * 5_000_000), decimals: this.sizeDecimals };
  }
}
