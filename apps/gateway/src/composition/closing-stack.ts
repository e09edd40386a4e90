import type { Logger } from '@naru/core';

/** What was opened, to be closed in the opposite order, whatever fails on the way. */
export interface ClosingStack {
  /** What is opened once all is closed, by a step that was left to itself, is closed at once. */
  defer(name: string, close: () => unknown): void;
  /** Safe to call twice: what is closed is closed once. */
  close(): Promise<void>;
}

export function createClosingStack(logger: Logger): ClosingStack {
  const open: { readonly name: string; readonly close: () => unknown }[] = [];
  let closing: Promise<void> | undefined;
  let closed = false;

  const closeAll = async (): Promise<void> => {
    for (let entry = open.pop(); entry; entry = open.pop()) {
      try {
        await entry.close();
      } catch (error) {
        logger.error(`${entry.name} did not close`, { error: (error as Error).message });
      }
    }
  };
  return {
    defer(name, close) {
      open.push({ name, close });
      if (closed) void closeAll();
    },
    close() {
      closing ??= closeAll().finally(() => {
        closed = true;
      });
      return closing;
    },
  };
}
