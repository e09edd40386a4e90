import { exchanges } from '@naru/exchanges';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createExchangeSimulator, type ExchangeSimulator } from '../exchange-simulator.js';
import { type CapturedFrame, formatCapturedFrame, parseCapture } from './capture-file.js';
import { recordCapture } from './record.js';

const simulators: ExchangeSimulator[] = [];
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.close();
});

async function simulate(options: Parameters<typeof createExchangeSimulator>[0]): Promise<ExchangeSimulator> {
  const simulator = createExchangeSimulator(options);
  simulators.push(simulator);
  await simulator.start();
  return simulator;
}

describe('a capture', () => {
  it('is recorded from an exchange and replayed frame for frame', async () => {
    const original = await simulate({ rate: 2_000, seed: 3, messages: 50 });
    const recorded: CapturedFrame[] = [];
    const done = new AbortController();
    await recordCapture({
      exchange: 'htx',
      kind: 'trade',
      symbols: ['USDT-BTC'],
      url: original.url('htx'),
      signal: done.signal,
      onFrame: (frame) => {
        recorded.push(frame);
        if (recorded.length === 51) done.abort();
      },
    });
    const frames = parseCapture(recorded.map(formatCapturedFrame).join('\n'));
    expect(frames).toEqual(recorded);

    const replayed = await simulate({ replay: { exchange: 'htx', frames, speed: 1_000 } });
    const received: Buffer[] = [];
    const socket = new WebSocket(replayed.url('htx'));
    await new Promise<void>((resolve) => {
      socket.on('open', () => socket.send('anything'));
      socket.on('message', (data: Buffer) => {
        received.push(data);
        if (received.length === frames.length) resolve();
      });
    });
    socket.terminate();
    expect(received).toEqual(frames.map((frame) => frame.data));
    const session = exchanges.get('htx').createSession('trade', { everyFrame: true });
    expect(received.flatMap((data) => session.receive(data, 1).records)).toHaveLength(50);
  });

  it('names the line that is wrong', () => {
    expect(() => parseCapture('{"at_ms":0,"text":"a"}\nnonsense')).toThrow('Line 2 of the capture is not JSON');
    expect(() => parseCapture('{"text":"a"}')).toThrow('Line 1 of the capture lacks at_ms');
  });

  it('says why a recording failed', async () => {
    const signal = new AbortController().signal;
    const url = (await simulate({})).url('upbit').replace('/upbit', '/nowhere');
    const recording = recordCapture({
      exchange: 'upbit',
      kind: 'trade',
      symbols: ['KRW-BTC'],
      url,
      signal,
      onFrame: () => {},
    });
    await expect(recording).rejects.toMatchObject({ code: 'record_failed' });
  });
});
