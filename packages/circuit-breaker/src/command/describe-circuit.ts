import type { CircuitSnapshot } from '../stores/circuit-snapshot.js';

const columns = ['CIRCUIT', 'STATE', 'FOR', 'MODE', 'NEXT PROBE', 'ATTEMPT', 'PROBES', 'NOTE'] as const;

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds}s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3_600)}h`;
}

function cells(name: string, circuit: CircuitSnapshot): readonly string[] {
  const { state, ageMs, mode, retryAfterMs, attempt, succeeded, probing, reason, author } = circuit;
  const note = [reason, author === undefined ? undefined : `(${author})`]
    .filter((part) => part !== undefined)
    .join(' ');
  return [
    name,
    state,
    ageMs === undefined ? '-' : duration(ageMs),
    mode,
    state === 'open' ? (retryAfterMs === 0 ? 'now' : duration(retryAfterMs)) : '-',
    String(attempt),
    state === 'half-open' ? `${succeeded} ok, ${probing} under way` : '-',
    note === '' ? '-' : note,
  ];
}

/** Reasons and authors are written by people: control characters must not reach the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, '?');

/** Circuits as aligned lines under a heading. */
export function describeCircuits(circuits: readonly (readonly [name: string, circuit: CircuitSnapshot])[]): string[] {
  const rows = [columns, ...circuits.map(([name, circuit]) => cells(name, circuit))];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    printable(
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    ),
  );
}

/** One circuit as one line of JSON. */
export function circuitJson(name: string, circuit: CircuitSnapshot): string {
  return JSON.stringify({ name, ...circuit });
}
