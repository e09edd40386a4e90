import { type Logger, targetKey } from '@naru/core';
import type { WebsocketConnectionCache } from '@naru/redis-cache';
import type { Stream } from '../streams/stream.js';
import type { ConnectContext } from './stream-orchestrator.js';

/** Keeps the state of streams where the fleet sees it. Never throws and never makes a stream wait. */
export interface ConnectionRecorder {
  /** A stream is about to be dialled. */
  open(stream: Stream, context: ConnectContext): void;
  /** Its symbols were replaced. */
  change(stream: Stream): void;
  record(stream: Stream, status: 'connected' | 'connecting'): void;
  close(stream: Stream): void;
  /** Writes every open stream again, so that none expires while it lives. */
  refresh(): void;
  /** Resolves when what was asked for is written or failed. */
  idle(): Promise<void>;
}

interface Recorded {
  readonly context: ConnectContext;
  status: 'connected' | 'connecting';
  /** A write is on its way; `dirty` says that another must follow it. */
  writing: Promise<void> | undefined;
  dirty: boolean;
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
  const removals = new Set<Promise<void>>();

  const write = async (stream: Stream, entry: Recorded): Promise<void> => {
    do {
      entry.dirty = false;
      try {
        await cache.setConnectionSpec(stream.target, {
          url: stream.url.href,
          symbols: stream.symbols,
          socketParams: entry.context.socketParams as Record<string, unknown>,
          status: entry.status,
        });
      } catch (error) {
        onFailure(stream, error as Error);
      }
    } while (entry.dirty && recorded.get(stream) === entry);
    entry.writing = undefined;
  };

  const touch = (stream: Stream): void => {
    const entry = recorded.get(stream);
    if (!entry) return;
    if (entry.writing) entry.dirty = true;
    else entry.writing = write(stream, entry);
  };

  return {
    open(stream, context) {
      recorded.set(stream, { context, status: 'connecting', writing: undefined, dirty: false });
      touch(stream);
    },
    change: touch,
    record(stream, status) {
      const entry = recorded.get(stream);
      if (!entry || entry.status === status) return;
      entry.status = status;
      touch(stream);
    },
    close(stream) {
      const entry = recorded.get(stream);
      recorded.delete(stream);
      const removal = (entry?.writing ?? Promise.resolve())
        .then(() => cache.removeConnection(stream.target))
        .then(() => logger.debug('connection state removed', { target: targetKey(stream.target) }))
        .catch((error: Error) => onFailure(stream, error))
        .finally(() => removals.delete(removal));
      removals.add(removal);
    },
    refresh() {
      for (const stream of recorded.keys()) touch(stream);
    },
    async idle() {
      await Promise.all([...removals, ...[...recorded.values()].map(({ writing }) => writing)]);
    },
  };
}
