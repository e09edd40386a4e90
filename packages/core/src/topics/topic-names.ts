import { NaruError } from '../naru-error.js';
import { type Region, type RequestType, regions, requestTypes } from '../records/exchange.js';

/** Every topic, by what it carries. `realtime` holds prefixes: the region is added. */
export interface TopicNames {
  readonly command: string;
  readonly disconnection: string;
  readonly connectSuccess: string;
  readonly metrics: string;
  readonly error: string;
  readonly dlq: string;
  readonly backpressure: string;
  readonly batchPerformance: string;
  readonly ticker: string;
  readonly trade: string;
  readonly orderbook: string;
}

export const topicNames: TopicNames = Object.freeze({
  command: 'ws.command',
  disconnection: 'ws.disconnection',
  connectSuccess: 'ws.connect_success',
  metrics: 'ws.metrics',
  error: 'ws.error',
  dlq: 'ws.dlq',
  backpressure: 'ws.backpressure.events',
  batchPerformance: 'monitoring.batch.performance',
  ticker: 'realtime.ticker',
  trade: 'realtime.trade',
  orderbook: 'realtime.orderbook',
});

// Kafka's own rule; a name also must not be "." or "..".
const validTopic = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** The default names with some replaced. Throws `invalid_topic` for a name that Kafka refuses and for one used twice. */
export function createTopicNames(overrides: Partial<TopicNames> = {}): TopicNames {
  const names: TopicNames = { ...topicNames, ...overrides };
  const ownerByName = new Map<string, string>();
  for (const [owner, name] of Object.entries(names) as [keyof TopicNames, string][]) {
    const concrete = requestTypes.some((type) => type === owner) ? `${name}.korea` : name;
    if (!validTopic.test(concrete)) {
      throw new NaruError(
        `Topic "${owner}" is named "${name}". Use 1 to 249 letters, digits, dots, underscores and hyphens.`,
        { code: 'invalid_topic' },
      );
    }
    const other = ownerByName.get(name);
    if (other !== undefined) {
      throw new NaruError(`Topics "${other}" and "${owner}" are both named "${name}". Give each its own.`, {
        code: 'invalid_topic',
      });
    }
    ownerByName.set(name, owner);
  }
  return Object.freeze(names);
}

/** The topic of normalised data: `realtime.ticker.korea`. */
export function realtimeTopic(requestType: RequestType, region: Region, names: TopicNames = topicNames): string {
  return `${names[requestType]}.${region}`;
}

/** All topics of normalised data, in a fixed order. */
export function realtimeTopics(names: TopicNames = topicNames): readonly string[] {
  return requestTypes.flatMap((type) => regions.map((region) => realtimeTopic(type, region, names)));
}
