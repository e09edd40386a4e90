import { IdReader } from '../reading/digits.js';
import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { rfc3339Seconds } from '../reading/time.js';
import { addTrade } from '../records/trade.js';
import type { ProtocolContext } from '../session/create-session.js';
import type { Market } from '../session/markets.js';
import type { Protocol } from '../session/stream-session.js';
import { coinbaseProtocol } from './protocol.js';

/**
 * `match` names the maker's side, so the taker's is the other one. `last_match`, sent on subscribing, is history.
 * The heartbeat names the last trade id: one that was never seen means that matches were dropped on the way.
 */
export function coinbaseTrade(context: ProtocolContext): Protocol {
  const { markets } = context;
  const ids = new IdReader('trade_id');
  const lastIds = new WeakMap<Market, number>();
  return coinbaseProtocol(
    context,
    (type, message, text, reading) => {
      const market = markets.ofData(message.product_id, reading);
      if (market === undefined) return;
      lastIds.set(market, toNumber(message.trade_id));
      addTrade(
        reading,
        market.code,
        rfc3339Seconds(message.time),
        toNumber(message.price),
        toNumber(message.size),
        message.side === 'sell' ? 1 : message.side === 'buy' ? -1 : 0,
        ids.next(message.trade_id, text, reading),
        type === 'match' ? 'REALTIME' : 'SNAPSHOT',
      );
    },
    (message, reading) => {
      if (!isObject(message) || typeof message.product_id !== 'string') return;
      const market = markets.find(message.product_id);
      const seen = market === undefined ? undefined : lastIds.get(market);
      const last = toNumber(message.last_trade_id);
      if (market === undefined || seen === undefined || !(last > seen)) return;
      lastIds.set(market, last);
      reading.fail('gap', `Trades after ${seen} up to ${last} did not arrive.`, market.code);
    },
  );
}
