import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { SerializationError } from '../serialization-error.js';
import { type FrameBlock, packFrames, unpackFrames } from './frame-block.js';
import type { OffloadTask, OffloadTaskModule } from './offload-task.js';

/** What a thread is told once, when it starts. */
export interface WorkerSetup {
  readonly task: string;
  readonly options: unknown;
}

/** What a thread answers. Errors are plain data: a clone would lose their class. */
export type WorkerAnswer =
  | { readonly ok: true; readonly block: FrameBlock }
  | { readonly ok: false; readonly message: string; readonly code?: string; readonly path?: string | undefined };

let loaded: Promise<OffloadTask> | undefined;

async function loadTask(): Promise<OffloadTask> {
  // Piscina hands over an array of its own data and ours.
  const setup = (Array.isArray(workerData) ? workerData[1] : workerData) as WorkerSetup;
  const module = (await import(setup.task)) as OffloadTaskModule;
  return module.createTask(setup.options);
}

/** Called by the pool in a thread of its own. */
export async function runOffloaded(block: FrameBlock): Promise<unknown> {
  let answer: WorkerAnswer;
  try {
    loaded ??= loadTask();
    const task = await loaded;
    answer = { ok: true, block: packFrames(task(unpackFrames(block))) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    answer = { ok: false, message, ...(error instanceof SerializationError && { code: error.code, path: error.path }) };
  }
  const message = { [transferableSymbol]: answer.ok ? [answer.block.bytes.buffer] : [], [valueSymbol]: answer };
  return move(message as unknown as Parameters<typeof move>[0]);
}
