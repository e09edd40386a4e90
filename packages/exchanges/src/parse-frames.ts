import type { RequestType } from '@naru/core';
import type { ExchangeAdapter, Received } from './adapter.js';

/** What `parseFrames` says of one frame; empty parts are left out, `class` and `records` are always there. */
export type ParsedFrame = Pick<Received, 'class' | 'records'> &
  Partial<Pick<Received, 'confirmed' | 'rejected' | 'replies' | 'failures' | 'changes' | 'reconnect'>>;

export interface ParseFramesOptions {
  /** Receipt time given to the records, Unix seconds. Default: the clock's. */
  readonly receivedAt?: () => number;
  /** As in `SessionOptions`: some exchanges speak differently by address. */
  readonly address?: string;
}

/**
 * Reads frames of one socket in order, as from a capture: any market is accepted, order books are published whole, and
 * order-book deltas are also given as they stand.
 * @throws ExchangeError `unsupported_kind`, `invalid_option`
 */
export function* parseFrames(
  adapter: ExchangeAdapter,
  kind: RequestType,
  frames: Iterable<Buffer | string>,
  options: ParseFramesOptions = {},
): Generator<ParsedFrame, void, undefined> {
  const parse = createFrameParser(adapter, kind, options);
  for (const frame of frames) yield parse(frame);
}

/** `parseFrames` for frames that come one at a time. */
export function createFrameParser(
  adapter: ExchangeAdapter,
  kind: RequestType,
  options: ParseFramesOptions = {},
): (frame: Buffer | string) => ParsedFrame {
  const receivedAt = options.receivedAt ?? (() => Date.now() / 1000);
  const session = adapter.createSession(kind, {
    everyFrame: true,
    changes: true,
    depth: Number.POSITIVE_INFINITY,
    ...(options.address === undefined ? {} : { address: options.address }),
  });
  return (frame) => {
    const received = session.receive(frame, receivedAt());
    const { confirmed, rejected, replies, failures, changes, reconnect } = received;
    return {
      class: received.class,
      records: received.records,
      ...(confirmed.length > 0 ? { confirmed } : {}),
      ...(rejected.length > 0 ? { rejected } : {}),
      ...(replies.length > 0 ? { replies } : {}),
      ...(failures.length > 0 ? { failures } : {}),
      ...(changes.length > 0 ? { changes } : {}),
      ...(reconnect === undefined ? {} : { reconnect }),
    };
  };
}
