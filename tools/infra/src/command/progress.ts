/** Says what happens and how long it takes, on stderr, so that stdout holds results only. */
export interface Progress {
  say(line: string): void;
  /** Runs `work`, saying its name at once, again every five seconds, and its duration at the end. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function createProgress(write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Progress {
  return {
    say: write,
    async step(name, work) {
      const startedAt = performance.now();
      const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(1);
      write(`${name} …`);
      const timer = setInterval(() => write(`${name} … ${seconds()} s`), 5000);
      try {
        const result = await work();
        write(`${name}: done in ${seconds()} s`);
        return result;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
