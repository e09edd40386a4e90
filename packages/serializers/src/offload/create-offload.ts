import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { SerializationError, type SerializationErrorCode } from '../serialization-error.js';
import { packFrames, unpackFrames } from './frame-block.js';
import type { OffloadTask, OffloadTaskModule } from './offload-task.js';
import type { WorkerAnswer, WorkerSetup } from './worker.js';

export interface OffloadOptions {
  /** The module that exports `createTask`, as a `file:` URL. */
  readonly task: URL;
  /** What `createTask` is given in every thread: plain data. */
  readonly options?: unknown;
  /** Frames of fewer bytes together are worked on at once in this thread. Default: 64 KiB, which `pnpm bench data` measures. */
  readonly thresholdBytes?: number;
  /** Worker threads at most. Default: one less than the processors, at least one. */
  readonly threads?: number;
  /** Calls under way at most. Default: 1,000. */
  readonly maxQueued?: number;
  /** Bytes under way at most. Default: 64 MiB. */
  readonly maxQueuedBytes?: number;
}

/** Work on frames that leaves this thread when it is large. */
export interface Offload {
  /**
   * Works on frames and answers in the order of the calls, whichever thread is done first. Rejects with the
   * task's error, with `queue_full` (retryable), `closed` or `worker_failed`.
   */
  run(frames: readonly Uint8Array[]): Promise<readonly Buffer[]>;
  /** Calls that have not been answered. */
  readonly queued: number;
  /** Bytes of the calls that have not been answered. */
  readonly queuedBytes: number;
  /** Waits for what is under way and ends the threads. Safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Prepares off-loading; threads start with the first large call. Throws `invalid_option`. */
export function createOffload(options: OffloadOptions): Offload {
  const {
    task,
    options: taskOptions,
    thresholdBytes = 64 * 1_024,
    threads = Math.max(1, availableParallelism() - 1),
    maxQueued = 1_000,
    maxQueuedBytes = 64 * 1_024 * 1_024,
  } = options;
  checkOptions({ thresholdBytes, threads, maxQueued, maxQueuedBytes });

  let pool: Piscina | undefined;
  let inline: Promise<OffloadTask> | undefined;
  let closing: Promise<void> | undefined;
  let queued = 0;
  let queuedBytes = 0;
  // The answer before: it has to be given first.
  let last: Promise<unknown> = Promise.resolve();

  const startPool = (): Piscina =>
    new Piscina({
      filename: fileURLToPath(new URL('./worker.js', import.meta.url)),
      name: 'runOffloaded',
      minThreads: 0,
      maxThreads: threads,
      workerData: { task: task.href, options: taskOptions } satisfies WorkerSetup,
    });

  const runInThread = async (frames: readonly Uint8Array[]): Promise<readonly Buffer[]> => {
    pool ??= startPool();
    const block = packFrames(frames);
    let answer: WorkerAnswer;
    try {
      answer = (await pool.run(block, { transferList: [block.bytes.buffer] })) as WorkerAnswer;
    } catch (error) {
      throw new SerializationError(
        `A worker thread failed: ${error instanceof Error ? error.message : String(error)}.`,
        {
          code: 'worker_failed',
          retryable: true,
          cause: error,
        },
      );
    }
    if (answer.ok) return unpackFrames(answer.block);
    throw new SerializationError(answer.message, {
      code: (answer.code as SerializationErrorCode | undefined) ?? 'worker_failed',
      path: answer.path,
    });
  };

  const runHere = async (frames: readonly Uint8Array[]): Promise<readonly Buffer[]> => {
    inline ??= import(task.href).then((module: OffloadTaskModule) => module.createTask(taskOptions));
    const work = await inline;
    return work(frames.map(asView)).map(asView);
  };

  const close = (): Promise<void> => {
    closing ??= last.then(() => pool?.close()).then(() => undefined);
    return closing;
  };

  return {
    run(frames) {
      if (closing) {
        return Promise.reject(new SerializationError('The off-loading is closed. Create another.', { code: 'closed' }));
      }
      const bytes = frames.reduce((sum, frame) => sum + frame.length, 0);
      if (queued >= maxQueued || queuedBytes + bytes > maxQueuedBytes) {
        return Promise.reject(
          new SerializationError(
            `${queued} calls of ${queuedBytes} bytes are under way, and this one has ${bytes} bytes. Wait for answers before calling again.`,
            { code: 'queue_full', retryable: true },
          ),
        );
      }
      queued++;
      queuedBytes += bytes;
      const before = last;
      const working = bytes < thresholdBytes ? runHere(frames) : runInThread(frames);
      const answer = Promise.allSettled([working, before]).then(([outcome]) => {
        queued--;
        queuedBytes -= bytes;
        if (outcome.status === 'rejected') throw outcome.reason;
        return outcome.value;
      });
      last = answer.catch(() => {});
      return answer;
    },
    get queued() {
      return queued;
    },
    get queuedBytes() {
      return queuedBytes;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function asView(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkOptions(options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    const least = name === 'thresholdBytes' ? 0 : 1;
    if (!(value >= least) || (!Number.isInteger(value) && value !== Number.POSITIVE_INFINITY)) {
      throw new SerializationError(`Option "${name}" is ${value}. It is a whole number from ${least}.`, {
        code: 'invalid_option',
      });
    }
  }
}
