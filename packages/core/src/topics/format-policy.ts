import { type TopicNames, topicNames } from './topic-names.js';

export type Format = 'avro' | 'json';

/** What a topic is written in: a fixed format, or what the caller asks for. */
export type FormatRule = Format | 'caller';

/** One line of the policy. The first pattern that fits decides. */
export interface FormatPolicyLine {
  /** A topic, or a prefix followed by `*`. */
  readonly pattern: string;
  readonly format: FormatRule;
  /** Said to a caller that asked otherwise. */
  readonly reason: string;
}

/** The policy for a set of topic names. A caller may ask for another format only where the rule is `caller`. */
export function createFormatPolicy(names: TopicNames = topicNames): readonly FormatPolicyLine[] {
  return Object.freeze([
    { pattern: names.command, format: 'json', reason: 'commands are written by people and scripts' },
    { pattern: names.disconnection, format: 'json', reason: 'commands are written by people and scripts' },
    { pattern: names.error, format: 'json', reason: 'errors must be readable when the registry is what failed' },
    { pattern: names.dlq, format: 'json', reason: 'dead letters must be readable when their schema is what failed' },
    { pattern: names.backpressure, format: 'json', reason: 'operators read backpressure events as they are' },
    { pattern: names.batchPerformance, format: 'json', reason: 'monitoring is read by tools without a registry' },
    { pattern: 'monitoring.*', format: 'json', reason: 'monitoring is read by tools without a registry' },
    { pattern: names.connectSuccess, format: 'avro', reason: 'acknowledgements have a registered schema' },
    { pattern: names.metrics, format: 'avro', reason: 'metrics have registered schemas' },
    { pattern: `${names.ticker}.*`, format: 'avro', reason: 'market data has a registered schema' },
    { pattern: `${names.trade}.*`, format: 'avro', reason: 'market data has a registered schema' },
    { pattern: `${names.orderbook}.*`, format: 'avro', reason: 'market data has a registered schema' },
    { pattern: '*', format: 'caller', reason: 'the topic is not ours' },
  ] satisfies FormatPolicyLine[]);
}

export const formatPolicy: readonly FormatPolicyLine[] = createFormatPolicy();

/** The line of the policy that decides about a topic. */
export function formatLineOf(topic: string, policy: readonly FormatPolicyLine[] = formatPolicy): FormatPolicyLine {
  for (const line of policy) {
    const fits = line.pattern.endsWith('*') ? topic.startsWith(line.pattern.slice(0, -1)) : topic === line.pattern;
    if (fits) return line;
  }
  return { pattern: '*', format: 'caller', reason: 'no line of the policy names the topic' };
}

/** What a topic is written in. */
export function formatOf(topic: string, policy: readonly FormatPolicyLine[] = formatPolicy): FormatRule {
  return formatLineOf(topic, policy).format;
}
