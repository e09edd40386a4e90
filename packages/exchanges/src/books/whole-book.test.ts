import { describe, expect, it } from 'vitest';
import { exchanges } from '../exchanges.js';

const ranks = Array.from({ length: 15 }, (_, rank) => rank);
const price = (side: 1 | -1, rank: number, step: number): number => 100 + side * (rank + 1) + step / 8;

const upbitBook = (step: number): string =>
  JSON.stringify({
    type: 'orderbook',
    code: 'KRW-BTC',
    timestamp: 1_700_000_000_000 + step,
    orderbook_units: ranks.map((rank) => ({
      ask_price: price(1, rank, step),
      bid_price: rank > 12 ? 0 : price(-1, rank, step),
      ask_size: rank / 16,
      bid_size: rank > 12 ? 0 : 1 + step,
    })),
    stream_type: step === 0 ? 'SNAPSHOT' : 'REALTIME',
  });

const shortUpbitBook = (step: number): string =>
  JSON.stringify({
    ty: 'orderbook',
    cd: 'KRW-BTC',
    tms: 1_700_000_000_000 + step,
    obu: ranks.map((rank) => ({ ap: price(1, rank, step), bp: price(-1, rank, step), as: 1, bs: 2 })),
  });

const levels = (side: 1 | -1, step: number): object[] =>
  ranks.map((rank) => ({ price: price(side, rank, step).toFixed(4), qty: `0.${rank}${step}` }));

const frames: Readonly<Record<string, (step: number) => string>> = {
  upbit: upbitBook,
  'upbit, SIMPLE': shortUpbitBook,
  bithumb: upbitBook,
  coinone: (step) =>
    JSON.stringify({
      response_type: 'DATA',
      channel: 'ORDERBOOK',
      data: {
        quote_currency: 'KRW',
        target_currency: 'BTC',
        timestamp: 1_700_000_000_000 + step,
        id: `${1_000 + step}`,
        asks: levels(1, step).reverse(),
        bids: levels(-1, step),
      },
    }),
  korbit: (step) =>
    JSON.stringify({
      symbol: 'btc_krw',
      timestamp: 1_700_000_000_000 + step,
      type: 'orderbook',
      data: { timestamp: 1_700_000_000_000 + step, asks: levels(1, step), bids: levels(-1, step) },
    }),
};

describe('whole order books', () => {
  it.each(Object.entries(frames))(
    'of %s are the same read from bytes, by their form, as read from text',
    (name, frame) => {
      const [bytes, text] = [0, 0].map(() => {
        const session = exchanges.get(name.split(',')[0]!).createSession('orderbook');
        session.changeSymbols(['KRW-BTC']);
        return session;
      });
      for (let step = 0; step < 20; step += 1) {
        const sent = frame(step);
        const read = bytes!.receive(Buffer.from(sent), 1_700_000_000);
        expect(read).toEqual(text!.receive(sent, 1_700_000_000));
        expect(read.records).toHaveLength(1);
      }
    },
  );
});
