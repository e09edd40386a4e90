import type { RequestType } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import type { SimulatedLevel } from '../market/book-side.js';
import { digitsOf } from '../market/market.js';
import { tickerAt } from '../market/ticker.js';
import { tradeAt } from '../market/trade.js';
import type { Stream } from '../stream.js';
import { fieldsOf, isListed, type PlayedExchange, type PlayedSocket, tryJson } from './played-exchange.js';

const { symbols } = exchanges.get('htx');
const channels: Readonly<Record<RequestType, string>> = {
  ticker: 'ticker',
  trade: 'trade.detail',
  orderbook: 'mbp.150',
};
const topicOf = ({ kind, market }: Stream): string =>
  `market.${(market.base + market.quote).toLowerCase()}.${channels[kind]}`;
const rows = (list: readonly SimulatedLevel[]): string => `[${list.map(({ price, size }) => `[${price},${size}]`)}]`;

/** Numbers stand in the text as the exchange prints them: the deprecated `id` has 27 digits. */
function tickOf(stream: Stream, index: number, timeMs: number): string {
  if (stream.kind === 'trade') {
    const { id, price, size, side } = tradeAt(stream.market, index);
    return (
      `{"id":137005445109,"ts":${timeMs},"data":[{"id":137005445109359286410323766,"ts":${timeMs},"tradeId":${id},` +
      `"amount":${digitsOf(size)},"price":${digitsOf(price)},"direction":"${side === 1 ? 'buy' : 'sell'}"}]}`
    );
  }
  if (stream.kind === 'orderbook') {
    const { changes, fallen, previous, sequence } = stream.step;
    const asks = rows([...changes.asks, ...fallen.asks]);
    const bids = rows([...changes.bids, ...fallen.bids]);
    return `{"seqNum":${sequence},"prevSeqNum":${previous},"asks":${asks},"bids":${bids}}`;
  }
  const t = tickerAt(stream.market, index);
  return (
    `{"open":${digitsOf(t.open)},"high":${digitsOf(t.high)},"low":${digitsOf(t.low)},"close":${digitsOf(t.close)},` +
    `"amount":${digitsOf(t.volume)},"vol":${digitsOf(t.quoteVolume)},"count":${index + 2}}`
  );
}

/** Kind and market of a topic such as `market.btcusdt.trade.detail`. */
function readTopic(topic: unknown): readonly [kind: RequestType, code: string] | undefined {
  const [, symbol = '', channel] = /^market\.([a-z0-9]+)\.(.+)$/.exec(String(topic)) ?? [];
  const kind = (Object.keys(channels) as RequestType[]).find((candidate) => channels[candidate] === channel);
  const code = symbols.toCode(symbol);
  return kind !== undefined && isListed(code) ? [kind, code] : undefined;
}

function sendSnapshot(topic: unknown, id: unknown, code: string, socket: PlayedSocket): void {
  const stream = socket.streams.find((candidate) => candidate.kind === 'orderbook' && candidate.code === code);
  if (stream === undefined) return;
  const { asks, bids } = stream.book.view();
  socket.send(
    `{"id":${JSON.stringify(id)},"status":"ok","ts":${Date.now()},"rep":"${topic}",` +
      `"data":{"bids":${rows(bids)},"asks":${rows(asks)},"seqNum":${stream.book.sequence}}}`,
  );
}

const unanswered = 'unanswered pings';

export const htx: PlayedExchange = {
  name: 'htx',
  framing: 'gzip',
  liveness: {
    beat: {
      everyMs: 5_000,
      send(socket) {
        const missed = (socket.memory.get(unanswered) as number | undefined) ?? 0;
        if (missed >= 2) {
          socket.close(1003, 'ping timeout');
          return;
        }
        socket.memory.set(unanswered, missed + 1);
        socket.send(`{"ping":${Date.now()}}`);
      },
    },
  },
  receive(text, socket) {
    const { sub, unsub, req, id, pong } = fieldsOf(tryJson(text));
    if (pong !== undefined) {
      socket.memory.set(unanswered, 0);
      return;
    }
    const asked = sub ?? unsub ?? req;
    const topic = readTopic(asked);
    const ts = Date.now();
    if (topic === undefined) {
      const error = { id, status: 'error', ts, 'err-code': 'bad-request', 'err-msg': `invalid topic ${asked}` };
      socket.send(JSON.stringify(error));
    } else if (req !== undefined) {
      sendSnapshot(req, id, topic[1], socket);
    } else if (sub !== undefined) {
      socket.send(JSON.stringify({ id, status: 'ok', subbed: sub, ts }));
      socket.subscribe(...topic);
    } else {
      socket.send(JSON.stringify({ id, status: 'ok', unsubbed: unsub, ts }));
      socket.unsubscribe(...topic);
    }
  },
  frames: (stream, index, timeMs) => [
    `{"ch":"${topicOf(stream)}","ts":${timeMs},"tick":${tickOf(stream, index, timeMs)}}`,
  ],
};
