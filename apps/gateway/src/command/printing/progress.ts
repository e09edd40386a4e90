import { canRedraw, fitLine, type Output } from './terminal.js';

/** A living line with a count and its rate, on stderr while that is a terminal; else nothing. */
export interface Progress {
  add(count?: number): void;
  end(): void;
}

const everyMs = 200;

export function createProgress(what: string, output: Output = process.stderr): Progress {
  const startedAt = performance.now();
  let total = 0;
  let shownAt = 0;
  const show = (now: number): void => {
    const rate = (total * 1_000) / Math.max(1, now - startedAt);
    output.write(`\r\u001b[2K${fitLine(`${total} ${what}, ${rate.toFixed(0)}/s`, output)}`);
    shownAt = now;
  };
  return {
    add(count = 1) {
      total += count;
      const now = performance.now();
      if (canRedraw(output) && now - shownAt >= everyMs) show(now);
    },
    end() {
      if (shownAt === 0) return;
      show(performance.now());
      output.write('\n');
    },
  };
}
