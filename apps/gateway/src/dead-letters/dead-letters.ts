import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '@naru/core';
import { createKafkaProducer, type FetchedRecord, type KafkaTransport } from '@naru/kafka-clients';
import { GatewayError } from '../gateway-error.js';
import { bytesBeforeCut, type DeadLetter, describeDeadLetter, originOf, replayHeaders } from './dead-letter.js';
import { readStretches, type Stretch, stretchesOf } from './read-stretches.js';

export interface DeadLettersOptions {
  readonly transport: KafkaTransport;
  readonly clock: Clock;
  /** Where they are. */
  readonly topic: string;
  /** Topics that messages may be sent back to: a header is a claim. */
  readonly mayReplayTo: readonly string[];
  /** Names the groups that remember what was replayed. */
  readonly groupId: string;
}

export interface ReplayRequest {
  /** Only this partition. Default: all. */
  readonly partition?: number;
  /** First offset. Default: the oldest kept. Together with `partition`. */
  readonly from?: string;
  /** Offset behind the last. Default: the end as it is now. Together with `partition`. */
  readonly to?: string;
  /** At most this many messages, 1 to 10,000. Default 100. */
  readonly limit?: number;
  /** Send again what was replayed before. */
  readonly again?: boolean;
  /** Say what would be sent, and send nothing. */
  readonly dryRun?: boolean;
}

export interface Replayed {
  readonly partition: number;
  readonly offset: string;
  /** Where it went, or would go. */
  readonly topic: string | null;
  /** Why it was left out. */
  readonly skipped?: string;
}

export interface ReplayReport {
  readonly dry_run: boolean;
  readonly sent: number;
  readonly skipped: number;
  /** The limit was reached: there may be more. */
  readonly more: boolean;
  readonly messages: readonly Replayed[];
}

export const maxNewest = 1_000;
export const maxReplay = 10_000;
const readWithinMs = 30_000;
/** What the newest letters may weigh together, in bytes: a single one may be megabytes. */
const maxBytesShown = 16 * 1024 * 1024;

/** Reads the topic of dead letters and sends what is in it back to where it failed. */
export interface DeadLetters {
  /** The newest, the newest first. */
  newest(count: number): Promise<readonly DeadLetter[]>;
  /** One of them; undefined when it is not kept, or not yet written. */
  find(partition: number, offset: string): Promise<DeadLetter | undefined>;
  /**
   * Sends raw bytes, key and headers back to the topic where the message failed. What was replayed is remembered by a
   * consumer group for each choice of partition and offsets: the same request again goes on where this one ended, so
   * nothing is sent twice unless `again` is set or the process dies between sending and remembering.
   */
  replay(request: ReplayRequest): Promise<ReplayReport>;
}

export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { transport, clock, topic, mayReplayTo, groupId } = options;
  const read = (
    stretches: readonly Stretch[],
    group: string,
    onRecord: Parameters<typeof readStretches>[0]['onRecord'],
  ) => readStretches({ transport, clock, topic, groupId: group, stretches, onRecord, timeoutMs: readWithinMs });
  const ownGroup = (): string => `${groupId}-dead-letters-${randomUUID()}`;

  return {
    async newest(count) {
      const stretches = (await stretchesOf(transport, topic)).map(({ partition, from, to }) => ({
        partition,
        from: to - from > BigInt(count) ? to - BigInt(count) : from,
        to,
      }));
      const kept = createNewest(count);
      await read(stretches, ownGroup(), async (record) => {
        kept.add(record);
        return 'more';
      });
      return kept.records().map(describeDeadLetter);
    },

    async find(partition, offset) {
      const at = BigInt(offset);
      const stretch = (await stretchesOf(transport, topic)).find((one) => one.partition === partition);
      if (!stretch || at < stretch.from || at >= stretch.to) return undefined;
      let found: FetchedRecord | undefined;
      await read([{ partition, from: at, to: at + 1n }], ownGroup(), async (record) => {
        found = record;
        return 'enough';
      });
      return found && describeDeadLetter(found);
    },

    async replay(request) {
      const { limit = 100, dryRun = false } = request;
      const chosen = chooseStretches(await stretchesOf(transport, topic), request);
      const remembering = request.again ? ownGroup() : replayGroup(groupId, request);
      const stretches = await notYetReplayed(transport, topic, remembering, chosen);
      const messages: Replayed[] = [];
      let more = false;
      const producer = createKafkaProducer({
        transport,
        clock,
        name: 'replay',
        lingerMs: 0,
        // As it came: a large message may have fitted only because it was compressed.
        compression: 'gzip',
        maxMessageBytes: 8 * 1024 * 1024,
      });
      try {
        if (!dryRun) await producer.connect();
        // A dry run reads with a group of its own: it must not be remembered as a replay.
        await read(stretches, dryRun ? ownGroup() : remembering, async (record, done) => {
          if (messages.length >= limit) {
            more = true;
            return 'enough';
          }
          const { partition, offset } = record;
          const whereTo = targetOf(record, mayReplayTo);
          if ('topic' in whereTo && !dryRun) {
            const { key, value } = record;
            await producer.sendAndWait({ topic: whereTo.topic, key, value, headers: replayHeaders(record) });
          }
          messages.push({ partition, offset, topic: null, ...whereTo });
          if (!dryRun) await done();
          return 'more';
        });
      } finally {
        await producer.close();
      }
      const skipped = messages.filter((message) => message.skipped !== undefined).length;
      return { dry_run: dryRun, sent: dryRun ? 0 : messages.length - skipped, skipped, more, messages };
    },
  };
}

/** Where a letter is sent back to, or why it is not. */
function targetOf(
  record: FetchedRecord,
  mayReplayTo: readonly string[],
): { readonly topic: string } | { readonly skipped: string } {
  const origin = originOf(record);
  if (!origin) return { skipped: 'no header says where it failed' };
  const { topic, partition, offset } = origin;
  if (!mayReplayTo.includes(topic)) {
    const named = JSON.stringify(topic.slice(0, 249));
    return { skipped: `its header names ${named}, which takes no replays; only ${mayReplayTo.join(' and ')} do` };
  }
  const bytes = bytesBeforeCut(record);
  if (bytes === undefined) return { topic };
  const kept = `${record.value?.length ?? 0} of ${bytes.slice(0, 20)} bytes`;
  return { skipped: `it holds ${kept}; the whole message was ${topic}/${partition} at ${offset}` };
}

function chooseStretches(all: readonly Stretch[], { partition, from, to }: ReplayRequest): Stretch[] {
  if (partition === undefined) return [...all];
  const there = all.find((stretch) => stretch.partition === partition);
  if (!there) {
    throw new GatewayError('invalid_request', `There is no partition ${partition}; the topic has ${all.length}.`);
  }
  const first = from === undefined ? there.from : BigInt(from);
  const end = to === undefined ? there.to : BigInt(to);
  return [{ partition, from: first > there.from ? first : there.from, to: end < there.to ? end : there.to }];
}

/** The same choice has the same group. What is added to an open end later belongs to it. */
function replayGroup(groupId: string, { partition, from, to }: ReplayRequest): string {
  if (partition === undefined) return `${groupId}-replay`;
  const choice = createHash('sha256')
    .update(`${partition}/${from ?? ''}/${to ?? ''}`)
    .digest('hex')
    .slice(0, 12);
  return `${groupId}-replay-${choice}`;
}

async function notYetReplayed(
  transport: KafkaTransport,
  topic: string,
  group: string,
  stretches: readonly Stretch[],
): Promise<Stretch[]> {
  const admin = transport.createAdmin();
  await admin.connect();
  try {
    const committed = new Map<number, bigint>();
    for (const { partition, offset } of await admin.groupOffsets(group, [topic])) {
      if (offset !== null) committed.set(partition, BigInt(offset));
    }
    return stretches.map((stretch) => {
      const at = committed.get(stretch.partition);
      return at === undefined || at < stretch.from ? stretch : { ...stretch, from: at };
    });
  } finally {
    await admin.close();
  }
}

/** Keeps the newest records within bounds of number and bytes. */
function createNewest(count: number): { add(record: FetchedRecord): void; records(): readonly FetchedRecord[] } {
  let kept: FetchedRecord[] = [];
  const weight = ({ key, value }: FetchedRecord): number => (key?.length ?? 0) + (value?.length ?? 0);
  const trim = (): void => {
    kept.sort((a, b) => b.timestamp - a.timestamp || Number(BigInt(b.offset) - BigInt(a.offset)));
    let bytes = 0;
    kept = kept.slice(0, count).filter((record, index) => {
      bytes += weight(record);
      return index === 0 || bytes <= maxBytesShown;
    });
  };
  let untrimmedBytes = 0;
  return {
    add(record) {
      kept.push(record);
      untrimmedBytes += weight(record);
      if (kept.length > 2 * count || untrimmedBytes > 2 * maxBytesShown) {
        trim();
        untrimmedBytes = 0;
      }
    },
    records() {
      trim();
      return kept;
    },
  };
}
