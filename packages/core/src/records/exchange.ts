import Type from 'typebox';

/** Where an exchange is at home. */
export const regions = ['korea', 'asia', 'na', 'eu'] as const;
export type Region = (typeof regions)[number];
export const regionSchema = Type.Enum(regions);

/** What a stream carries. */
export const requestTypes = ['ticker', 'trade', 'orderbook'] as const;
export type RequestType = (typeof requestTypes)[number];
export const requestTypeSchema = Type.Enum(requestTypes);

const regionByExchange = {
  upbit: 'korea',
  bithumb: 'korea',
  coinone: 'korea',
  korbit: 'korea',
  binance: 'asia',
  bybit: 'asia',
  okx: 'asia',
  htx: 'asia',
  coinbase: 'na',
  kraken: 'na',
  bitfinex: 'eu',
} as const satisfies Record<string, Region>;

export type ExchangeName = keyof typeof regionByExchange;

/** Every exchange that Naru speaks to. */
export const exchangeNames: readonly ExchangeName[] = Object.freeze(Object.keys(regionByExchange) as ExchangeName[]);

export function isExchangeName(name: string): name is ExchangeName {
  return Object.hasOwn(regionByExchange, name);
}

/** The region whose topics an exchange publishes to. */
export function regionOf(exchange: ExchangeName): Region {
  return regionByExchange[exchange];
}
