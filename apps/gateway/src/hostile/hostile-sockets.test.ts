import { describeReal } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HostilePeer } from './hostile-peer.js';
import { HostileRun } from './hostile-run.js';
import { hostileSockets } from './hostile-sockets.js';
import { reportFigures } from './report-figures.js';
import type { WatchedMessage } from './topic-watch.js';

describe('hostile sockets, embedded', () => hostileSocketCases('embedded'));
describeReal('hostile sockets, on real Kafka, Redis and registry', ['kafka', 'redis', 'registry'], () =>
  hostileSocketCases('real'),
);

const sockets = hostileSockets(1);
/** Every case has a target of its own as far as there are; a breaker that opens stays with its target. */
const kinds = ['trade', 'ticker', 'orderbook'] as const;
const symbol = 'KRW-BTC';

interface Report {
  readonly streams: readonly {
    readonly target: { readonly exchange: string; readonly request_type: string };
    readonly stream: { readonly parseFailures: Readonly<Record<string, number>>; readonly frames: number } | null;
  }[];
}

function hostileSocketCases(kind: 'embedded' | 'real'): void {
  let run: HostileRun;
  let peer: HostilePeer;

  beforeAll(async () => {
    // The redirects lead to the run's canary, which is there only after the peer's port is known.
    let canaryPort = 1;
    const behaviours = new Map(
      sockets.map((_, index) => [
        `case${index}`,
        (...args: Parameters<(typeof sockets)[number]['behave']>) => hostileSockets(canaryPort)[index]!.behave(...args),
      ]),
    );
    peer = await HostilePeer.start(behaviours);
    run = await HostileRun.start(kind, [peer.port], { NARU_PROOF_TIMEOUT_MS: '100' });
    canaryPort = run.canary.port;
    await run.carryOutGoodCommand();
  }, 60_000);
  afterAll(async () => {
    await run?.close();
    await peer?.close();
  });

  test.each(sockets.map(({ name }, index) => [name, index] as const))('%s', async (name, index) => {
    const { exchange, lost, refusing, unparsed } = sockets[index]!;
    // What is read as trades has to be asked for as trades; a lost socket may be of any kind.
    const requestType = lost ? kinds[index % kinds.length]! : 'trade';
    const target = { exchange, region: exchange === 'htx' ? 'asia' : 'korea', request_type: requestType };
    const correlationId = `socket-${index}`;
    const from = run.watch.messages.length;
    const command = {
      type: 'status',
      action: 'connect_and_subscribe',
      target,
      symbols: [exchange === 'htx' ? 'USDT-BTC' : symbol],
      connection: { url: run.urlAt(peer.port, `case${index}`), socket_params: {} },
      correlation_id: correlationId,
    };
    await run.measured(`socket: ${name}`, async () => {
      await run.send({ topic: run.topics.command, value: Buffer.from(JSON.stringify(command)) });
      const isTold =
        (code: string) =>
        ({ topic, headers, value }: WatchedMessage): boolean =>
          topic === run.topics.error &&
          headers['correlation-id'] === correlationId &&
          String(value).includes(`"code":"${code}"`);
      if (refusing) {
        await run.watch.next(isTold('subscription_refused'), from);
        const refused = new RegExp(`^gateway_stream_errors_total{.*"${exchange}".*subscription_refused.*} 1400$`, 'm');
        await expect.poll(() => run.gateway.metrics(), { timeout: 4_000 }).toMatch(refused);
        expect(run.watch.messages.filter(isTold('subscription_refused')).length).toBeLessThanOrEqual(20);
      } else if (lost) {
        const event = await run.watch.next(isTold('connect_failed'), from);
        const { error } = JSON.parse(String(event.value)) as { error: { error_message: { message: string } } };
        expect(error.error_message.message).toMatch(lost);
      } else {
        await expect
          .poll(
            async () => {
              const { streams } = JSON.parse(await run.gateway.streams()) as Report;
              const mine = streams.find(
                (one) => one.target.exchange === exchange && one.target.request_type === requestType,
              );
              return unparsed ? Object.values(mine?.stream?.parseFailures ?? {}).some((count) => count > 0) : mine;
            },
            { timeout: 4_000 },
          )
          .toBeTruthy();
      }
      const ended = { type: 'status', action: 'disconnect', target };
      await run.send({ topic: run.topics.disconnection, value: Buffer.from(JSON.stringify(ended)) });
      await expect
        .poll(
          async () => {
            const { streams } = JSON.parse(await run.gateway.streams()) as Report;
            return streams.find((one) => one.target.exchange === exchange && one.target.request_type === requestType)
              ?.stream;
          },
          { timeout: 4_000 },
        )
        .toBeNull();
    });
    if (index % 10 === 0) await run.carryOutGoodCommand();
  });

  test('nothing that is forbidden was dialled', () => {
    expect(run.canary.visits).toBe(0);
    expect(run.strangeDials([peer.port])).toEqual([]);
  });

  test('nothing of it was published, no metric has a name from a frame, and the log stays a line for each entry', async () => {
    const metrics = await run.gateway.metrics();
    expect(metrics).not.toMatch(/KRW-U|forged/);
    expect(metrics.split('\n').filter((line) => line && !line.startsWith('#')).length).toBeLessThan(700);
    for (const line of run.gateway.log.trimEnd().split('\n')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
  });

  test('its memory is bounded, it still runs and stops cleanly', async () => {
    const [, rss] = /^process_resident_memory_bytes (\S+)$/m.exec(await run.gateway.metrics()) ?? [];
    expect(Number(rss)).toBeLessThan(600 * 1024 * 1024);
    await run.carryOutGoodCommand();
    await reportFigures(`sockets, ${kind}`, run.figures);
    expect(await run.close()).toBe(0);
  });
}
