import { join } from 'node:path';
import { startLineProcess } from '../harness/line-process.js';
import { repositoryRoot } from '../harness/repository-root.js';

/** What every contestant carries: tickers and trades of ten markets of one exchange, on a socket each. */
export const feed: {
  readonly exchange: string;
  readonly region: string;
  readonly kinds: readonly ('ticker' | 'trade')[];
  readonly symbols: readonly string[];
} = {
  exchange: 'okx',
  region: 'asia',
  kinds: ['ticker', 'trade'],
  symbols: 'BTC ETH SOL XRP DOGE ADA TRX LINK DOT LTC'.split(' ').map((base) => `USDT-${base}`),
};

export interface Feed {
  readonly url: string;
  /** `host:port` of it. */
  readonly host: string;
  close(): Promise<void>;
}

/** Starts the simulator in a process of its own; a client that is slower than `rate` is waited for. */
export async function startFeed(rate: number): Promise<Feed> {
  const simulator = await startLineProcess({
    command: process.execPath,
    args: [
      join(repositoryRoot(), 'apps/exchange-simulator/bin/exchange-simulator.js'),
      '--port',
      '0',
      '--rate',
      `${rate}`,
    ],
  });
  const host = /ws:\/\/([^\s/]+)/.exec(simulator.readyLine)?.[1];
  if (host === undefined) throw new Error(`The simulator said "${simulator.readyLine}" instead of its address.`);
  return {
    host,
    url: `ws://${host}/${feed.exchange}`,
    close: async () => {
      await simulator.stop();
    },
  };
}

/** The commands that ask for the feed, as they stand in `ws.command`. */
export const commandsFor = (url: string): readonly string[] =>
  feed.kinds.map((kind) =>
    JSON.stringify({
      type: 'status',
      action: 'connect_and_subscribe',
      target: { exchange: feed.exchange, region: feed.region, request_type: kind },
      symbols: feed.symbols,
      connection: { url, socket_params: {} },
      ts_issue: new Date().toISOString(),
      ttl_ms: 60_000,
      correlation_id: `bench-${kind}`,
    }),
  );
