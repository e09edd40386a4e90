import { isUtf8 } from 'node:buffer';
import { type FetchedRecord, headerText } from '@naru/kafka-clients';

/** A dead letter for people and programs: what failed, why, and every byte of it. */
export interface DeadLetter {
  readonly partition: number;
  readonly offset: string;
  /** ISO 8601 in UTC: when it was written here. */
  readonly written_at: string;
  readonly reason: string;
  readonly error_class: string | null;
  readonly correlation_id: string | null;
  /** Where the message failed. */
  readonly origin: { readonly topic: string; readonly partition: string; readonly offset: string } | null;
  /** How often it was sent back already. */
  readonly replays: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** As text, where the bytes are some; at most a thousand characters. */
  readonly text: string | null;
  readonly value_base64: string | null;
}

export const replayHeader = 'naru-replay-count';
/** Of the gateway that could not process the message. */
export const versionHeader = 'gateway-version';
const errors = '__connect.errors.';
/** Of a message that was too large to be kept whole. */
const original = 'naru-dlq-original-';
const maxText = 1_000;

export function describeDeadLetter(record: FetchedRecord): DeadLetter {
  const header = (name: string): string | null => headerText(record, name) ?? null;
  const { key, value } = record;
  return {
    partition: record.partition,
    offset: record.offset,
    written_at: new Date(record.timestamp).toISOString(),
    reason: header(`${errors}exception.message`) ?? 'no reason was given',
    error_class: header(`${errors}exception.class.name`),
    correlation_id: header('correlation-id'),
    origin: originOf(record),
    replays: replaysOf(record),
    key: key === null ? null : isUtf8(key) ? key.toString() : `base64:${key.toString('base64')}`,
    headers: Object.fromEntries(Object.keys(record.headers).map((name) => [name, headerText(record, name) ?? ''])),
    text: value === null || !isUtf8(value) ? null : value.toString('utf8').slice(0, maxText),
    value_base64: value?.toString('base64') ?? null,
  };
}

export function originOf(record: FetchedRecord): DeadLetter['origin'] {
  const [topic, partition, offset] = ['topic', 'partition', 'offset'].map((name) => headerText(record, errors + name));
  return topic === undefined ? null : { topic, partition: partition ?? '', offset: offset ?? '' };
}

export function replaysOf(record: FetchedRecord): number {
  const count = Number(headerText(record, replayHeader) ?? 0);
  return Number.isSafeInteger(count) && count > 0 ? count : 0;
}

/** How many bytes the message had, where the letter does not hold all of them. */
export function bytesBeforeCut(record: FetchedRecord): string | undefined {
  return headerText(record, `${original}bytes`);
}

const added: ReadonlySet<string> = new Set(['attempt', 'validation-failures', versionHeader, replayHeader]);

/** The message's own headers, without what the dead letter added, and one more replay. */
export function replayHeaders(record: FetchedRecord): Record<string, Buffer | Buffer[] | string> {
  const own = Object.entries(record.headers).filter(([name]) => !name.startsWith(errors) && !added.has(name));
  return {
    ...Object.fromEntries(own.map(([name, value]) => [name, Array.isArray(value) ? [...value] : (value as Buffer)])),
    [replayHeader]: String(replaysOf(record) + 1),
  };
}
