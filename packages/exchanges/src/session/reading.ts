import type { MarketRecord } from '@naru/core';
import type {
  BookChange,
  FailureKind,
  FrameClass,
  FrameFailure,
  Outgoing,
  Received,
  Rejection,
  SnapshotRequest,
} from '../adapter.js';

/** Shared by every empty list, so that an ordinary frame allocates only what it holds. */
const none: never[] = [];
Object.freeze(none);

/** What one frame meant, while it is being read. */
export class Reading implements Received {
  class: FrameClass = 'unknown';
  records: MarketRecord[] = none;
  confirmed: string[] = none;
  rejected: Rejection[] = none;
  replies: Outgoing[] = none;
  fetches: SnapshotRequest[] = none;
  failures: FrameFailure[] = none;
  changes: BookChange[] = none;
  reconnect: string | undefined = undefined;
  /** Order books started over by this frame. */
  resyncs = 0;
  /** Our receipt time, Unix seconds. */
  readonly receivedAt: number;

  constructor(receivedAt: number) {
    this.receivedAt = receivedAt;
  }

  record(record: MarketRecord): void {
    if (this.records === none) this.records = [record];
    else this.records.push(record);
  }

  confirm(code: string): void {
    if (this.confirmed === none) this.confirmed = [code];
    else this.confirmed.push(code);
  }

  reject(reason: string, code?: string): void {
    const rejection = code === undefined ? { reason } : { code, reason };
    if (this.rejected === none) this.rejected = [rejection];
    else this.rejected.push(rejection);
  }

  reply(payload: string): void {
    if (this.replies === none) this.replies = [{ payload }];
    else this.replies.push({ payload });
  }

  fetch(request: SnapshotRequest): void {
    if (this.fetches === none) this.fetches = [request];
    else this.fetches.push(request);
  }

  change(change: BookChange): void {
    if (this.changes === none) this.changes = [change];
    else this.changes.push(change);
  }

  fail(kind: FailureKind, message: string, code?: string): void {
    const failure = code === undefined ? { kind, message } : { kind, message, code };
    if (this.failures === none) this.failures = [failure];
    else this.failures.push(failure);
  }
}
