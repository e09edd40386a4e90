import type { TopicNames } from '../topics/topic-names.js';
import type { DtoName } from './dto-schemas.js';

/** One line of the table of topics: what it carries, under which key, in which direction. */
export interface Channel {
  readonly topic: keyof TopicNames;
  readonly title: string;
  /** Seen from the gateway. */
  readonly direction: 'in' | 'out';
  readonly messages: readonly DtoName[];
  readonly key: string;
  /** Whether there is one topic for each region. */
  readonly perRegion?: boolean;
}

export const channels: readonly Channel[] = [
  {
    topic: 'command',
    title: 'Commands that open streams or change their symbols',
    direction: 'in',
    messages: ['ConnectAndSubscribe'],
    key: 'any',
  },
  {
    topic: 'disconnection',
    title: 'Commands that end streams',
    direction: 'in',
    messages: ['Disconnect'],
    key: 'any',
  },
  {
    topic: 'connectSuccess',
    title: 'One acknowledgement for each symbol that an exchange confirmed',
    direction: 'out',
    messages: ['ConnectSuccess'],
    key: 'exchange|region|request_type|symbol',
  },
  {
    topic: 'ticker',
    title: 'Tickers, in batches of one market',
    direction: 'out',
    messages: ['TickerBatch'],
    key: 'market code',
    perRegion: true,
  },
  {
    topic: 'trade',
    title: 'Trades, in batches of one market',
    direction: 'out',
    messages: ['TradeBatch'],
    key: 'market code',
    perRegion: true,
  },
  {
    topic: 'orderbook',
    title: 'Order books, in batches of one market',
    direction: 'out',
    messages: ['OrderbookBatch'],
    key: 'market code',
    perRegion: true,
  },
  {
    topic: 'metrics',
    title: 'Counts and quality of each minute and target, and what became of messages',
    direction: 'out',
    messages: ['MetricsEvent', 'ReceptionMetrics', 'ProcessingMetrics', 'QualityMetrics', 'ProducerMetrics'],
    key: 'exchange|region|request_type',
  },
  {
    topic: 'error',
    title: 'Failures',
    direction: 'out',
    messages: ['ErrorEvent'],
    key: 'none, or exchange/region/request_type',
  },
  {
    topic: 'dlq',
    title: 'Messages that could not be processed, byte for byte, with headers that say why; and their summaries',
    direction: 'out',
    messages: ['DlqEvent'],
    key: 'as the failed message',
  },
  {
    topic: 'backpressure',
    title: 'Producers whose queues passed a mark',
    direction: 'out',
    messages: ['BackpressureEvent'],
    key: 'producer name',
  },
  {
    topic: 'batchPerformance',
    title: 'Batches as they are collected, and summaries of them',
    direction: 'out',
    messages: ['BatchCollected', 'PerformanceSummary'],
    key: 'exchange/region/request_type',
  },
];
