/** Work on whole frames: bytes in, bytes out. Nothing else crosses to another thread, so nothing is cloned. */
export type OffloadTask = (frames: readonly Buffer[]) => readonly Uint8Array[];

/** What the module of a task exports; it is loaded in every thread that does the work, this one included. */
export interface OffloadTaskModule<Options = unknown> {
  createTask(options: Options): OffloadTask;
}
