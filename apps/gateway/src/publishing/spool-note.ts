import type { SpooledMessage } from '@naru/kafka-clients/spool';
import type { Extent, Mark, Parcel } from './parcel.js';

/** What the gateway writes beside a spooled message: enough to account for it in another life. */
export interface SpoolNote {
  /** Key of the target. */
  readonly target: string;
  readonly extent: Extent;
  /** Unix seconds at which its oldest record was received. */
  readonly receivedAt: number;
}

type Written = readonly [target: string, code: string, records: number, first: Mark, last: Mark, receivedAt: number];

export function writeNote(target: string, { extent, receivedAt }: Pick<Parcel, 'extent' | 'receivedAt'>): string {
  const { code, records, first, last } = extent;
  const note: Written = [target, code, records, first, last, receivedAt[0]!];
  return JSON.stringify(note);
}

/** Undefined when another program wrote the message. */
export function readNote(message: Pick<SpooledMessage, 'meta'>): SpoolNote | undefined {
  try {
    const [target, code, records, first, last, receivedAt] = JSON.parse(String(message.meta)) as Written;
    if (typeof target !== 'string' || !Number.isInteger(records)) return undefined;
    return { target, extent: { code, records, first, last }, receivedAt };
  } catch {
    return undefined;
  }
}
