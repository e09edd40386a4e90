import { type Target, targetKey } from '@naru/core';

/** Lets actions for one target run one after the other, and those of different targets side by side. */
export interface Turns {
  <T>(target: Target, action: () => Promise<T>): Promise<T>;
  /** Resolves when what has been begun so far has ended. */
  idle(): Promise<void>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  const inTurn = <T>(target: Target, action: () => Promise<T>): Promise<T> => {
    const key = targetKey(target);
    const turn = (last.get(key) ?? Promise.resolve()).then(action);
    const settled = turn.then(
      () => {},
      () => {},
    );
    last.set(key, settled);
    void settled.then(() => {
      if (last.get(key) === settled) last.delete(key);
    });
    return turn;
  };
  return Object.assign(inTurn, { idle: async () => void (await Promise.all(last.values())) });
}
