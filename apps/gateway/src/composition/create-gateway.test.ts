import { silentLogger } from '@naru/core';
import { createKafkaConsumer, createKafkaProducer } from '@naru/kafka-clients';
import { createMemoryTransport } from '@naru/kafka-clients/testing';
import { expect, test } from 'vitest';
import type { Dial } from '../streams/dial.js';
import type { TimelineEntry } from '../timeline/command-timeline.js';
import { createGateway } from './create-gateway.js';

const trade = Buffer.from(
  '{"type":"trade","code":"KRW-BTC","timestamp":1700000000100,"trade_timestamp":1700000000000,"trade_price":10.5,"trade_volume":2,"ask_bid":"BID","sequential_id":17000000000000001,"stream_type":"REALTIME"}',
);

test('every collaborator can be given: Kafka in memory, and an exchange that is a function', async () => {
  const transport = createMemoryTransport();
  const dialled: string[] = [];
  const dial: Dial = async (url, handlers) => {
    dialled.push(url.href);
    return {
      start: () => {},
      // The exchange answers a subscription with one trade.
      send: () => handlers.onMessage(trade),
      ping: () => {},
      bufferedBytes: 0,
      close: () => handlers.onClose(1000, ''),
      terminate: () => handlers.onClose(1006, ''),
    };
  };
  await using gateway = await createGateway({
    config: { operations: { port: 0 }, publishing: { maxBatchWaitMs: 0, lingerMs: 0 } },
    overrides: { transport, dial, logger: silentLogger },
  });
  expect(gateway.embedded).toEqual(['schema registry', 'connection state']);

  await using producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  await producer.sendAndWait({
    topic: 'ws.command',
    value: JSON.stringify({
      type: 'status',
      action: 'connect_and_subscribe',
      target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
      symbols: ['KRW-BTC'],
      connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: {} },
      correlation_id: 'c/1',
    }),
  });
  await using reader = createKafkaConsumer({
    transport,
    groupId: 'reader',
    topics: ['realtime.trade.korea'],
    fromBeginning: true,
  });
  await reader.start();
  for await (const { key } of reader.messages()) {
    expect(String(key)).toBe('KRW-BTC');
    break;
  }
  expect(dialled).toEqual(['wss://api.upbit.com/websocket/v1']);
  expect(gateway.totals()).toMatchObject({ dropped: 0, conflated: 0 });

  const stepsOf = async (id: string): Promise<string[]> => {
    const answer = await fetch(`${gateway.operations}/commands/${encodeURIComponent(id)}`);
    return ((await answer.json()) as TimelineEntry).steps.map(({ step }) => step);
  };
  await expect.poll(() => stepsOf('c/1')).toEqual(['received', 'validated', 'owned', 'dialled', 'proved', 'done']);
});

test('what was opened is closed again when the start fails', async () => {
  const transport = createMemoryTransport();
  const error = new Error('no broker');
  const failing = {
    ...transport,
    createProducer: () => {
      throw error;
    },
  };
  await expect(
    createGateway({ config: { operations: { port: 0 } }, overrides: { transport: failing, logger: silentLogger } }),
  ).rejects.toBe(error);
});
