/** What is not ready, by name. Exchanges have no part in it: they come and go. */
export interface Readiness {
  /** Not ready until the answer is called. */
  begin(name: string): () => void;
  /** Asks each time; what is answered, in words, is not ready. */
  watch(name: string, problem: () => string | undefined): void;
  /** From now on nothing becomes ready again. */
  end(reason: string): void;
  problems(): readonly string[];
}

export function createReadiness(): Readiness {
  const pending = new Set<string>();
  const watched = new Map<string, () => string | undefined>();
  let ended: string | undefined;
  return {
    begin(name) {
      pending.add(name);
      return () => void pending.delete(name);
    },
    watch(name, problem) {
      watched.set(name, problem);
    },
    end(reason) {
      ended = reason;
    },
    problems: () => [
      ...(ended === undefined ? [] : [ended]),
      ...[...pending].map((name) => `${name}: not reached yet`),
      ...[...watched].flatMap(([name, problem]) => {
        const found = problem();
        return found === undefined ? [] : [`${name}: ${found}`];
      }),
    ],
  };
}
