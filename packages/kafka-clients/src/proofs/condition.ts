export interface Condition {
  /** Something happened: what is waited for is asked again. */
  check(): void;
  /** Resolves as soon as `holds` does. */
  until(holds: () => boolean): Promise<void>;
}

export function createCondition(): Condition {
  const waiting: { readonly holds: () => boolean; readonly resolve: () => void }[] = [];
  const check = (): void => {
    for (const one of [...waiting]) {
      if (!one.holds()) continue;
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve();
    }
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ holds, resolve });
      check();
    });
  return { check, until };
}
