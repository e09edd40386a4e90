import { expect, test } from 'vitest';
import type { StreamReport } from '../../../orchestration/target-books.js';
import type { ConnectionSnapshot, ConnectionState } from '../../../streams/stream-connection.js';
import { socketWords, stateOf } from './stream-words.js';

const socket = (state: ConnectionState): ConnectionSnapshot => ({
  id: 'upbit/korea/trade#0',
  epoch: 2,
  state,
  ageMs: 1_500,
  silentMs: state.phase === 'live' ? 20 : null,
  symbols: 5,
  confirmed: 4,
});
const stream = (...states: ConnectionState[]): Pick<StreamReport, 'stream'> => ({
  stream: {
    target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
    host: 'api.upbit.com',
    leaseToken: 1,
    symbols: [],
    confirmed: 0,
    ageMs: 0,
    connections: states.map(socket),
    frames: 0,
    bytes: 0,
    parseFailures: {},
    reconnects: 0,
  },
});
const waiting: ConnectionState = { phase: 'waiting', forMs: 4_000, reason: 'closed with 1006' };

test('the worst socket decides how a stream looks, and each phase is named', () => {
  expect(stateOf({ stream: null })).toEqual({ text: '○ ended', look: 'plain' });
  expect(stateOf(stream({ phase: 'live' }))).toEqual({ text: '● live', look: 'good' });
  expect(stateOf(stream({ phase: 'live' }, { phase: 'live' }))).toEqual({ text: '● 2 live', look: 'good' });
  expect(stateOf(stream({ phase: 'live' }, waiting))).toEqual({ text: '● 1 live, ▲ 1 waiting', look: 'bad' });
  expect(stateOf(stream({ phase: 'dialling' }))).toEqual({ text: '◔ dialling', look: 'warn' });
});

test('a socket says how long, which one, and what comes next', () => {
  expect(socketWords(socket({ phase: 'live' }))).toBe(
    '#0 live for 1.5 s · socket 2 · 4 of 5 symbols proved · last sign of life 20 ms ago',
  );
  expect(socketWords(socket(waiting))).toBe(
    '#0 waiting for 1.5 s · socket 2 · next attempt in 2.5 s · closed with 1006',
  );
});
