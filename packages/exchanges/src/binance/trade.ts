import { IdReader } from '../reading/digits.js';
import { toNumber } from '../reading/numbers.js';
import { epochSeconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { BinanceReader } from './protocol.js';

/** `trade` (`t` is the id) and `aggTrade` (`a` is). `m` says that the buyer was the maker, so the taker sold. */
export function binanceTrade({ markets }: ProtocolContext): BinanceReader {
  const tradeIds = new IdReader('t');
  const aggregateIds = new IdReader('a');
  return (event, _stream, text, reading) => {
    const aggregate = event.e === 'aggTrade';
    if (!aggregate && event.e !== 'trade') return;
    const market = markets.ofData(event.s, reading);
    if (market === undefined) return;
    addTrade(
      reading,
      market.code,
      epochSeconds(event.T),
      toNumber(event.p),
      toNumber(event.q),
      event.m === false ? 1 : event.m === true ? -1 : 0,
      aggregate ? aggregateIds.next(event.a, text, reading) : tradeIds.next(event.t, text, reading),
      'REALTIME',
    );
  };
}
