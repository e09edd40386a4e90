import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describeReal, expectPlayed, playInTurn } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostileAddresses } from './hostile-addresses.js';
import { type HostileMessage, hostileMessages } from './hostile-messages.js';
import { HostileRun } from './hostile-run.js';
import { reportFigures } from './report-figures.js';
import type { WatchedMessage } from './topic-watch.js';

describe('hostile commands, embedded', () => hostileCommands('embedded'));
describeReal('hostile commands, on real Kafka, Redis and registry', ['kafka', 'redis', 'registry'], () =>
  hostileCommands('real'),
);

// The addresses are part of the titles, so they are made before the servers are there.
const placeholder = { url: 'ws://feed.example.com:1/upbit', canary: 1 };
const messages = hostileMessages(placeholder.url);
const addresses = hostileAddresses(placeholder.canary);

function hostileCommands(kind: 'embedded' | 'real'): void {
  let run: HostileRun;
  let outcomes: PromiseSettledResult<void>[];
  let end: { readonly metrics: string; readonly wasRunning: boolean; readonly exitCode: number | null };
  const harmless: [name: string, topic: string, offset: string][] = [];

  // The gateway goes through everything and is stopped; every test then looks at what it said.
  beforeAll(async () => {
    run = await HostileRun.start(kind);
    await run.carryOutGoodCommand();
    const real = hostileMessages(run.url('upbit'));
    const realAddresses = hostileAddresses(run.canary.port);
    outcomes = await playInTurn([
      ...real.map((message, index) => () => playMessage(message, index)),
      ...realAddresses.map(
        ([name, url], index) =>
          () =>
            playAddress(name, url, index),
      ),
      () => run.carryOutGoodCommand(),
    ]);
    const metrics = await run.gateway.metrics();
    const wasRunning = run.gateway.isRunning;
    await reportFigures(`commands, ${kind}`, run.figures);
    end = { metrics, wasRunning, exitCode: await run.close() };
  }, 600_000);
  afterAll(() => run?.close());

  test.each(messages.map(({ name, fate }, index) => [name, fate, index] as const))('%s: %s', (_name, _fate, index) =>
    expectPlayed(outcomes[index]),
  );

  test.each(addresses.map(([name], index) => [name, index] as const))(
    'the address of %s is refused and never dialled',
    (_name, index) => expectPlayed(outcomes[messages.length + index]),
  );

  test('what was harmless is no dead letter', () => {
    expect(harmless.length).toBeGreaterThan(10);
    expect(harmless.filter(([, topic, offset]) => run.hasLetterOf(topic, offset))).toEqual([]);
  });

  test('nothing that is forbidden was dialled', () => {
    expect(run.canary.visits).toBe(0);
    expect(run.strangeDials()).toEqual([]);
    // The tap works: it saw the feed.
    expect(run.gateway.network).toContainEqual(expect.objectContaining({ kind: 'dial', host: 'feed.example.com' }));
  });

  test('every line of the log is one JSON object without control characters', () => {
    const lines = run.gateway.log.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      expect(JSON.parse(line)).toHaveProperty('msg');
    }
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(20_000);
  });

  test('metrics have no more series than before, and no name from a message', () => {
    expect(end.metrics.split('\n').filter((line) => line && !line.startsWith('#')).length).toBeLessThan(600);
    expect(end.metrics).not.toMatch(/__proto__|constructor|GOOD|nasdaq|KRW-/);
  });

  test('every error event is bounded', () => {
    const events = run.watch.messages.filter(({ topic }) => topic === run.topics.error);
    expect(events.length).toBeGreaterThan(200);
    for (const { value } of events) {
      expect(value!.length).toBeLessThan(10_000);
      expect(JSON.parse(value!.toString())).toMatchObject({ action: 'error' });
    }
  });

  test('it still ran after all of it, carried out a good command and stopped cleanly', () => {
    expectPlayed(outcomes.at(-1));
    expect(end).toMatchObject({ wasRunning: true, exitCode: 0 });
    expect(run.figures.length).toBeGreaterThan(200);
  });

  async function playMessage(message: HostileMessage, index: number): Promise<void> {
    const { name, fate, value, key = null, headers = {}, compressed, topic: command = 'command' } = message;
    const topic = run.topics[command];
    await run.measured(name, async () => {
      const offset = await run.send({ topic, value, key, headers, compressed });
      if (fate === 'no letter') {
        harmless.push([name, topic, offset]);
        return;
      }
      const letter = await run.letterOf(topic, offset);
      expectWhy(letter, topic);
      expect(letter.key?.toString('hex') ?? null).toBe(key === null ? null : Buffer.from(key).toString('hex'));
      for (const [header, text] of Object.entries(headers)) expect(letter.headers[header]).toBe(String(text));
      if (fate === 'dead letter')
        expect(letter.value === null ? null : sha256(letter.value)).toBe(value && sha256(value));
      else if (fate === 'cut letter') expectCut(letter, value!);
      else expectPacked(letter);
    });
    if (index % 10 === 0) await run.carryOutGoodCommand();
  }

  async function playAddress(name: string, url: string, index: number): Promise<void> {
    const value = Buffer.from(
      JSON.stringify({
        type: 'status',
        action: 'connect_and_subscribe',
        target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
        symbols: ['KRW-BTC'],
        connection: { url, socket_params: {} },
      }),
    );
    const from = run.watch.messages.length;
    await run.measured(`address: ${name}`, async () => {
      const offset = await run.send({ topic: run.topics.command, value });
      if (url.includes('rebind')) {
        // An operator allowed the name; what it resolves to is found out only on connecting.
        await run.watch.next(
          ({ topic, value }) => topic === run.topics.error && String(value).includes('private address'),
          from,
        );
        return;
      }
      const letter = await run.letterOf(run.topics.command, offset);
      expectWhy(letter, run.topics.command);
      expect(letter.value?.equals(value)).toBe(true);
    });
    if (index % 10 === 0) await run.carryOutGoodCommand();
  }
}

function expectPacked(letter: WatchedMessage): void {
  expect(letter.headers['__connect.errors.exception.message']).toContain('unpacks to more than');
  expect(gunzipSync(letter.value!, { maxOutputLength: 100 * 1024 * 1024 }).length).toBeGreaterThan(80 * 1024 * 1024);
}

function expectWhy(letter: WatchedMessage, topic: string): void {
  expect(letter.headers).toMatchObject({ '__connect.errors.topic': topic, '__connect.errors.partition': '0' });
  expect(letter.headers['__connect.errors.exception.message']).not.toBe('');
  expect(letter.headers['__connect.errors.exception.message']!.length).toBeLessThan(5_000);
}

function expectCut(letter: WatchedMessage, value: Buffer): void {
  expect(letter.value?.equals(value.subarray(0, letter.value.length))).toBe(true);
  expect(letter.headers).toMatchObject({
    'naru-dlq-original-bytes': String(value.length),
    'naru-dlq-original-sha256': sha256(value),
  });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
