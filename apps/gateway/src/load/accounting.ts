import { type RequestType, targetKey } from '@naru/core';
import type { SentFrames } from '../processes/simulator-process.js';
import { type Accounts, sumAccounts } from '../publishing/accounts.js';
import type { TargetAccounts } from './gateway-figures.js';
import type { ReadBack } from './read-back.js';

/** Whether every tick that was sent can be accounted for. */
export interface Accounting {
  /** What the gateway says became of the records it received. */
  readonly accounts: Accounts;
  /** `received = acknowledged + conflated + dropped + buffered`, for every target. */
  readonly identity: boolean;
  /** Frames sent, by kind: live ones and those that an exchange replays on subscribing. */
  readonly sent: Readonly<Record<RequestType, number>>;
  /** What the topics hold: messages, records, and records by kind. */
  readonly read: { readonly messages: number; readonly records: number } & Readonly<Record<RequestType, number>>;
  /** Nothing differs. */
  readonly exact: boolean;
  /** What differs, in words; the first of them. */
  readonly differences: readonly string[];
}

const mostDifferences = 20;

/**
 * Compares what the simulator sent, what the gateway says of it, and what is in Kafka:
 *
 * - for every target the identity holds and nothing is on its way any more;
 * - there are as many records in Kafka as were acknowledged;
 * - of every market there are as many tickers and trades in Kafka as were sent. Where some of a target were
 *   conflated or dropped this holds for the target as a whole. A frame of an order book can be several records, or none.
 */
export function accountFor(
  sent: readonly SentFrames[],
  targets: readonly TargetAccounts[],
  read: ReadBack,
): Accounting {
  const differences: string[] = [];
  const differ = (text: string): void => {
    if (differences.length < mostDifferences) differences.push(text);
  };
  const accounts = sumAccounts(targets.map((one) => one.accounts));

  let identity = true;
  const lost = new Map<string, number>();
  for (const { target, accounts: one } of targets) {
    const { received, acknowledged, conflated, dropped, buffered } = one;
    if (received !== acknowledged + conflated + dropped + buffered) {
      identity = false;
      differ(`${targetKey(target)}: ${JSON.stringify(one)} does not add up`);
    }
    if (buffered > 0) differ(`${targetKey(target)}: ${buffered} still on their way`);
    lost.set(`${target.exchange}/${target.request_type}`, conflated + dropped);
  }
  if (read.deleted > 0) {
    differ(
      `${read.deleted} messages were deleted by the broker's retention: run shorter, or on a broker that keeps more`,
    );
  }
  if (read.records !== accounts.acknowledged) {
    differ(`${accounts.acknowledged} records were acknowledged and ${read.records} are in Kafka`);
  }

  const sentByKind = { ticker: 0, trade: 0, orderbook: 0 };
  const readByKind = { ticker: 0, trade: 0, orderbook: 0 };
  const missing = new Map<string, number>();
  for (const { exchange, kind, code, sent: live, replayed } of sent) {
    const frames = live + replayed;
    const found = read.byMarket.get(`${exchange}/${kind}/${code}`) ?? 0;
    sentByKind[kind] += frames;
    readByKind[kind] += found;
    if (kind === 'orderbook') continue;
    const scope = `${exchange}/${kind}`;
    missing.set(scope, (missing.get(scope) ?? 0) + frames - found);
    if (found !== frames && (lost.get(scope) ?? 0) === 0) {
      differ(`${scope} ${code}: ${frames} sent, ${found} in Kafka`);
    }
  }
  for (const [scope, records] of missing) {
    const told = lost.get(scope) ?? 0;
    if (records !== told && told > 0) differ(`${scope}: ${records} are missing, ${told} were conflated or dropped`);
  }
  return {
    accounts,
    identity,
    sent: sentByKind,
    read: { messages: read.messages, records: read.records, ...readByKind },
    exact: differences.length === 0,
    differences,
  };
}
