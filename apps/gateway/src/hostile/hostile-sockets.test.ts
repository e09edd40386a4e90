import { describeReal, expectPlayed, playInTurn } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { HostilePeer } from './hostile-peer.js';
import { HostileRun } from './hostile-run.js';
import { type HostileSocket, hostileSockets } from './hostile-sockets.js';
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

interface Target {
  readonly exchange: string;
  readonly request_type: string;
}

interface Report {
  readonly streams: readonly {
    readonly target: Target;
    readonly stream: { readonly parseFailures: Readonly<Record<string, number>>; readonly frames: number } | null;
  }[];
}

function hostileSocketCases(kind: 'embedded' | 'real'): void {
  let run: HostileRun;
  let peer: HostilePeer;
  let outcomes: PromiseSettledResult<void>[];
  let end: { readonly metrics: string; readonly exitCode: number | null };

  // The gateway goes through everything and is stopped; every test then looks at what it said.
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
    outcomes = await playInTurn([
      ...sockets.map((socket, index) => () => play(socket, index)),
      () => run.carryOutGoodCommand(),
    ]);
    const metrics = await run.gateway.metrics();
    await reportFigures(`sockets, ${kind}`, run.figures);
    end = { metrics, exitCode: await run.close() };
  }, 600_000);
  afterAll(async () => {
    await run?.close();
    await peer?.close();
  });

  test.each(sockets.map(({ name }, index) => [name, index] as const))('%s', (_name, index) =>
    expectPlayed(outcomes[index]),
  );

  test('nothing that is forbidden was dialled', () => {
    expect(run.canary.visits).toBe(0);
    expect(run.strangeDials([peer.port])).toEqual([]);
  });

  test('nothing of it was published, no metric has a name from a frame, and the log stays a line for each entry', () => {
    expect(end.metrics).not.toMatch(/KRW-U|forged/);
    expect(end.metrics.split('\n').filter((line) => line && !line.startsWith('#')).length).toBeLessThan(700);
    for (const line of run.gateway.log.trimEnd().split('\n')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
  });

  test('its memory was bounded, it carried out a good command after all of it and stopped cleanly', () => {
    const [, rss] = /^process_resident_memory_bytes (\S+)$/m.exec(end.metrics) ?? [];
    expect(Number(rss)).toBeLessThan(600 * 1024 * 1024);
    expectPlayed(outcomes.at(-1));
    expect(end.exitCode).toBe(0);
  });

  async function play({ name, exchange, lost, refusing, unparsed }: HostileSocket, index: number): Promise<void> {
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
        await eventually(async () => expect(await run.gateway.metrics()).toMatch(refused));
        expect(run.watch.messages.filter(isTold('subscription_refused')).length).toBeLessThanOrEqual(20);
      } else if (lost) {
        const event = await run.watch.next(isTold('connect_failed'), from);
        const { error } = JSON.parse(String(event.value)) as { error: { error_message: { message: string } } };
        expect(error.error_message.message).toMatch(lost);
      } else {
        await eventually(async () => {
          const mine = await streamOf(target);
          const seen = unparsed ? Object.values(mine?.stream?.parseFailures ?? {}).some((count) => count > 0) : mine;
          expect(seen).toBeTruthy();
        });
      }
      const ended = { type: 'status', action: 'disconnect', target };
      await run.send({ topic: run.topics.disconnection, value: Buffer.from(JSON.stringify(ended)) });
      await eventually(async () => expect((await streamOf(target))?.stream).toBeNull());
    });
    if (index % 10 === 0) await run.carryOutGoodCommand();
  }

  async function streamOf(target: Target): Promise<Report['streams'][number] | undefined> {
    const { streams } = JSON.parse(await run.gateway.streams()) as Report;
    return streams.find(
      ({ target: { exchange, request_type } }) => exchange === target.exchange && request_type === target.request_type,
    );
  }
}

/** `expect.poll` outside of a test. */
function eventually(look: () => Promise<void>): Promise<void> {
  return vi.waitFor(look, { timeout: 20_000 });
}
