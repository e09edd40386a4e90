/** Where lines go, as far as it matters here; `process.stdout` is one. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Whether lines can be drawn over: a terminal, and not one that knows no control sequences. */
export function canRedraw({ isTTY }: Output): boolean {
  return isTTY === true && process.env.TERM !== 'dumb';
}

/** A line that a terminal does not wrap: what is drawn over must be as many lines as were written. */
export function fitLine(line: string, { columns }: Output): string {
  if (!columns || line.length < columns) return line;
  return `${line.slice(0, Math.max(0, columns - 2))}…`;
}

/** The lines that fit on the screen, the last one saying how many do not. */
export function fitScreen(lines: readonly string[], { rows }: Output, what: string): readonly string[] {
  // The cursor has a line of its own. Terminals that nobody told their size say 0.
  const room = rows ? Math.max(1, rows - 1) : Number.POSITIVE_INFINITY;
  if (lines.length <= room) return lines;
  const shown = lines.slice(0, room - 1);
  return [...shown, `  and ${lines.length - shown.length} more ${what}`];
}
