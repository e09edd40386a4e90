import { randomBytes } from 'node:crypto';
import { describeReal, expectPlayed, playInTurn, realServices } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { apiVersions } from '../apis/cluster/api-versions.js';
import { findCoordinator } from '../apis/cluster/find-coordinator.js';
import { initProducerId } from '../apis/transactions/init-producer-id.js';
import { RawClient } from '../clients/raw-client.js';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { NO_UUID } from '../wire/codec.js';
import { ErrorCode } from '../wire/error-codes.js';
import { comparable } from './left-out.js';
import { type Given, type Step, scenario } from './scenario.js';

/** Courses, each in a higher version of every API: as many as Fetch and Metadata have versions. */
const COURSES = 13;
/** Errors by which a real broker asks to come again: it elects, loads, or writes markers in the background. */
const transient: ReadonlySet<number> = new Set([
  ErrorCode.LEADER_NOT_AVAILABLE,
  ErrorCode.NOT_LEADER_OR_FOLLOWER,
  14, // COORDINATOR_LOAD_IN_PROGRESS
  ErrorCode.COORDINATOR_NOT_AVAILABLE,
  ErrorCode.NOT_COORDINATOR,
  ErrorCode.CONCURRENT_TRANSACTIONS,
]);

function hasTransientError(value: unknown): boolean {
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, each]) => (name === 'errorCode' && transient.has(each as number)) || hasTransientError(each),
  );
}

/**
 * A new cluster makes the topics in which groups and transactions live when somebody asks for a coordinator the first
 * time, which takes it some seconds.
 */
async function settled(real: RawClient): Promise<void> {
  for (const keyType of [0, 1]) {
    await vi.waitFor(
      async () => {
        const answer = await real.call(findCoordinator, 3, { key: 'settled', keyType, coordinatorKeys: ['settled'] });
        expect(hasTransientError(answer)).toBe(false);
      },
      { timeout: 50_000, interval: 100 },
    );
  }
  // The coordinator is known before it has loaded its part of the topic.
  await vi.waitFor(
    async () => {
      const answer = await real.call(initProducerId, 2, {
        transactionalId: 'settled',
        transactionTimeoutMs: 10_000,
        producerId: -1,
        producerEpoch: -1,
      });
      expect(hasTransientError(answer)).toBe(false);
    },
    { timeout: 50_000, interval: 100 },
  );
}

describeReal('the embedded broker beside a real one', ['kafka'], () => {
  const run = `differential-${randomBytes(4).toString('hex')}`;
  let kafka: EmbeddedKafka;
  let embedded: RawClient;
  let real: RawClient;
  let realVersions: ReadonlyMap<number, { readonly minVersion: number; readonly maxVersion: number }>;

  beforeAll(async () => {
    kafka = await createEmbeddedKafka({ minSessionTimeoutMs: 6000 });
    embedded = await RawClient.connect(kafka.bootstrap[0]!);
    real = await RawClient.connect(realServices.kafka!.split(',')[0]!);
    const { apiKeys } = await real.call(apiVersions, 3, { clientSoftwareName: 'test', clientSoftwareVersion: '1' });
    realVersions = new Map(apiKeys.map(({ apiKey, ...versions }) => [apiKey, versions]));
    await settled(real);
  });

  afterAll(async () => {
    embedded.close();
    real.close();
    await kafka.close();
  });

  /** The version of an API in a course, among those both brokers have. */
  const versionOf = ({ api, least: wanted = 0 }: Step, course: number): number => {
    const theirs = realVersions.get(api.key)!;
    const least = Math.max(api.minVersion, theirs.minVersion);
    return Math.min(Math.max(wanted, least + course), api.maxVersion, theirs.maxVersion);
  };

  describe.each(Array.from({ length: COURSES }, (_, course) => ({ course })))('course $course', ({ course }) => {
    const given = (): Given => ({ producerId: -1, producerEpoch: -1, topicId: NO_UUID });
    const givenBy = { embedded: given(), real: given() };
    const steps = scenario(`${run}-${course}`);
    let outcomes: PromiseSettledResult<void>[];

    beforeAll(async () => {
      outcomes = await playInTurn(steps.map((step) => () => play(step)));
    }, 300_000);

    it.each(steps.map(({ api: { name }, title }, index) => ({ name, title, index })))('$name: $title', ({ index }) =>
      expectPlayed(outcomes[index]),
    );

    async function play(step: Step): Promise<void> {
      const version = versionOf(step, course);
      const ask = async (client: RawClient, from: Given): Promise<unknown> => {
        const answer = await client.call(step.api, version, step.body(from));
        step.learn?.(answer as never, from);
        return answer;
      };
      const ours = await ask(embedded, givenBy.embedded);
      // A real broker answers at last; until then it may not know yet what it was told a moment ago.
      await vi.waitFor(
        async () => {
          const theirs = await ask(real, givenBy.real);
          expect(hasTransientError(theirs)).toBe(false);
          expect(comparable(ours, run)).toEqual(comparable(theirs, run));
        },
        { timeout: 25_000, interval: 50 },
      );
    }
  });
});
