import type { Clock } from '@naru/core';
import type { CommandProgress, CommandStep } from '../orchestration/command-progress.js';

/** Where a command stands: what its last deciding step said. */
export type CommandStatus = 'under_way' | 'done' | 'expired' | 'abandoned' | 'dead_lettered';

/** One step of a command. Steps that follow each other and are alike are one. */
export type TimelineStep = CommandStep & {
  /** Unix milliseconds of the first of them. */
  readonly at: number;
  /** Unix milliseconds of the last of them. */
  readonly until: number;
  readonly times: number;
  /** Proofs: symbols that have no room among `symbols`. */
  readonly unnamed?: number;
};

/** What happened to one command; commands with the same correlation id share one. */
export interface TimelineEntry {
  readonly id: string;
  readonly action: string | null;
  /** The target's key. */
  readonly target: string | null;
  readonly status: CommandStatus;
  /** Unix milliseconds. */
  readonly beganAt: number;
  readonly updatedAt: number;
  /** Oldest first. */
  readonly steps: readonly TimelineStep[];
  /** Steps that had no room: they stood behind the first ones. */
  readonly leftOut: number;
}

/** What this member knows of the latest commands, in memory and within bounds. */
export interface CommandTimeline extends CommandProgress {
  /** The newest first. */
  newest(count: number): readonly TimelineEntry[];
  /** Undefined when it was never here, or is no longer remembered. */
  find(id: string): TimelineEntry | undefined;
}

/** Commands that are remembered. */
export const maxCommands = 200;
/** Steps of each; of more, the first and the newest are kept. */
export const maxSteps = 40;
const firstSteps = 8;
/** Symbols named in one step, which a stream of hundreds would fill. */
export const maxNamedSymbols = 50;
/** Ids, reasons and names are other people's text. */
const maxText = 300;
const maxSymbol = 40;

const ends: ReadonlySet<string> = new Set<CommandStatus>(['done', 'expired', 'abandoned', 'dead_lettered']);

type Noted = CommandStep & { at: number; until: number; times: number; unnamed?: number };

interface Entry {
  readonly id: string;
  action: string | null;
  target: string | null;
  status: CommandStatus;
  readonly beganAt: number;
  updatedAt: number;
  readonly steps: Noted[];
  leftOut: number;
}

export function createCommandTimeline({ clock }: { readonly clock: Pick<Clock, 'now'> }): CommandTimeline {
  /** The oldest first. */
  const entries = new Map<string, Entry>();

  const entryOf = (id: string, now: number): Entry => {
    const known = entries.get(id);
    if (known) return known;
    const entry: Entry = {
      id,
      action: null,
      target: null,
      status: 'under_way',
      beganAt: now,
      updatedAt: now,
      steps: [],
      leftOut: 0,
    };
    entries.set(id, entry);
    if (entries.size > maxCommands) entries.delete(entries.keys().next().value as string);
    return entry;
  };

  return {
    note(givenId, given) {
      if (givenId === undefined) return;
      const now = Math.round(clock.now());
      const entry = entryOf(shortened(givenId), now);
      const step = withinBounds(given);
      entry.updatedAt = now;
      if (step.step === 'received') {
        entry.action = step.action;
        entry.target = step.target;
        entry.status = 'under_way';
        // Sent again, it is among the newest again.
        entries.delete(entry.id);
        entries.set(entry.id, entry);
      } else if (ends.has(step.step)) {
        entry.status = step.step as CommandStatus;
      }
      add(entry, step, now);
    },
    newest: (count) => [...entries.values()].slice(-count).reverse(),
    find: (id) => entries.get(shortened(id)),
  };
}

function add(entry: Entry, step: CommandStep & { readonly unnamed?: number }, now: number): void {
  const last = entry.steps.at(-1);
  if (last && joinTo(last, step)) {
    last.until = now;
    last.times += 1;
    return;
  }
  entry.steps.push({ ...step, at: now, until: now, times: 1 });
  if (entry.steps.length <= maxSteps) return;
  entry.steps.splice(firstSteps, 1);
  entry.leftOut += 1;
}

/** Makes a step one with the one before it where it is another proof or the same again; answers whether it was. */
function joinTo(last: Noted, step: CommandStep & { readonly unnamed?: number }): boolean {
  if (last.step === 'proved' && step.step === 'proved') {
    const known = new Set(last.symbols);
    const fresh = step.symbols.filter((symbol) => !known.has(symbol));
    const named = fresh.slice(0, maxNamedSymbols - last.symbols.length);
    const unnamed = (last.unnamed ?? 0) + fresh.length - named.length + (step.unnamed ?? 0);
    Object.assign(last, { symbols: [...last.symbols, ...named], ...(unnamed > 0 && { unnamed }) });
    return true;
  }
  if (step.step === 'received') return false;
  return Object.entries(step).every(([name, value]) => last[name as keyof Noted] === value);
}

function withinBounds(step: CommandStep): CommandStep & { readonly unnamed?: number } {
  if (step.step === 'proved') {
    return {
      step: 'proved',
      symbols: step.symbols.slice(0, maxNamedSymbols).map((symbol) => symbol.slice(0, maxSymbol)),
      ...(step.symbols.length > maxNamedSymbols && { unnamed: step.symbols.length - maxNamedSymbols }),
    };
  }
  const entries = Object.entries(step).map(([name, value]) => [
    name,
    typeof value === 'string' ? shortened(value) : value,
  ]);
  return Object.fromEntries(entries) as CommandStep;
}

function shortened(text: string): string {
  return text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text;
}
