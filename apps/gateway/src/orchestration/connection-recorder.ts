import { type Logger, type Target, targetKey } from '@naru/core';
import type { SocketParams, WebsocketConnectionCache } from '@naru/redis-cache';
import type { Stream } from '../streams/stream.js';
import type { ConnectContext } from './connect-context.js';

/**
 * Keeps the state of streams where the fleet sees it, each write under the token of the stream's lease. But for
 * `remove` it never throws and never makes a stream wait.
 */
export interface ConnectionRecorder {
  /** What a stream is for and under which lease: when it is about to be dialled, and when either changes. */
  describe(stream: Stream, context: ConnectContext, token: number): void;
  record(stream: Stream, status: 'connected' | 'connecting'): void;
  /** Resolves when what is known of a stream is written, or to why it could not be. */
  written(stream: Stream): Promise<Error | undefined>;
  /** Writes a stream's last state: it is closed, and whoever owns it next may open it. */
  leave(stream: Stream): Promise<void>;
  /** Writes nothing more of a stream: it is another member's. */
  forget(stream: Stream): void;
  /** Removes what is known of a target for good; answers whether there was anything. Rejects when it is not removed. */
  remove(target: Target, token: number): Promise<boolean>;
  /** Writes every open stream again, so that none expires while it lives. */
  refresh(): void;
  /** Resolves when what was asked for is written or failed. */
  idle(): Promise<void>;
}

interface Recorded {
  context: ConnectContext;
  token: number;
  status: 'connected' | 'connecting' | 'disconnected';
  /** A write is on its way; `dirty` says that another must follow it. */
  writing: Promise<void> | undefined;
  dirty: boolean;
  /** Why the latest state is not written. */
  failure: Error | undefined;
}

export interface ConnectionRecorderOptions {
  readonly cache: WebsocketConnectionCache;
  readonly logger: Logger;
  readonly onFailure: (stream: Stream, error: Error) => void;
}

/**
 * Writes at most one state of a stream at a time and always the latest: while Redis is slow, what changed in
 * between is written once.
 */
export function createConnectionRecorder({ cache, logger, onFailure }: ConnectionRecorderOptions): ConnectionRecorder {
  const recorded = new Map<Stream, Recorded>();
  const underWay = new Set<Promise<void>>();

  const write = async (stream: Stream, entry: Recorded): Promise<void> => {
    do {
      entry.dirty = false;
      entry.failure = undefined;
      const { context, token, status } = entry;
      try {
        await cache.setConnectionSpec(
          stream.target,
          {
            url: stream.url.href,
            symbols: context.symbols,
            socketParams: context.socketParams as SocketParams,
            projection: context.projection,
            correlationId: context.correlationId?.slice(0, 256) || undefined,
            status,
          },
          { token },
        );
      } catch (error) {
        // A stream that is another member's by now has nothing to say any more.
        if (recorded.get(stream) !== entry) continue;
        entry.failure = error as Error;
        onFailure(stream, entry.failure);
      }
    } while (entry.dirty && recorded.get(stream) === entry);
    entry.writing = undefined;
  };

  const touch = (stream: Stream, entry: Recorded): void => {
    if (entry.writing) {
      entry.dirty = true;
      return;
    }
    const writing = write(stream, entry).finally(() => underWay.delete(writing));
    entry.writing = writing;
    underWay.add(writing);
  };

  return {
    describe(stream, context, token) {
      const entry = recorded.get(stream);
      const known = entry ?? {
        context,
        token,
        status: 'connecting',
        writing: undefined,
        dirty: false,
        failure: undefined,
      };
      recorded.set(stream, Object.assign(known, { context, token }));
      touch(stream, known);
    },
    record(stream, status) {
      const entry = recorded.get(stream);
      if (!entry || entry.status === status) return;
      entry.status = status;
      touch(stream, entry);
    },
    async written(stream) {
      const entry = recorded.get(stream);
      await entry?.writing;
      return entry?.failure;
    },
    async leave(stream) {
      const entry = recorded.get(stream);
      if (!entry) return;
      entry.status = 'disconnected';
      touch(stream, entry);
      await entry.writing;
      recorded.delete(stream);
    },
    forget(stream) {
      recorded.delete(stream);
    },
    async remove(target, token) {
      for (const [stream, { writing }] of recorded) {
        if (targetKey(stream.target) !== targetKey(target)) continue;
        recorded.delete(stream);
        await writing;
      }
      const existed = await cache.removeConnection(target, { token });
      logger.debug('connection state removed', { target: targetKey(target), existed });
      return existed;
    },
    refresh() {
      for (const [stream, entry] of recorded) touch(stream, entry);
    },
    async idle() {
      await Promise.all(underWay);
    },
  };
}
