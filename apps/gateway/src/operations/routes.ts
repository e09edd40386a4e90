import type { IncomingMessage } from 'node:http';
import type { Lease } from '@naru/redis-cache';
import { type DeadLetters, maxNewest, maxReplay } from '../dead-letters/dead-letters.js';
import type { StreamReport, StreamTotals } from '../orchestration/target-books.js';
import { maxPerSecond, maxReaders, type TapSecond } from '../tap/record-tap.js';
import { type CommandTimeline, maxCommands } from '../timeline/command-timeline.js';
import type { Right } from './access.js';
import { ApiProblem } from './api-problem.js';
import { EventStream } from './event-stream.js';
import { flagField, integerField, offsetField, readFields, refuseOthers, textField } from './request-body.js';

/** What an operator may do to a circuit. */
export const breakerActions = ['open', 'close', 'reset'] as const;
export type BreakerAction = (typeof breakerActions)[number];

/** What the operations API shows and steers. */
export interface OperationsSources {
  /** Unix milliseconds by this member's clock. */
  readonly now: () => number;
  readonly report: () => readonly StreamReport[];
  readonly totals: () => StreamTotals;
  readonly breakers: {
    report(): readonly object[];
    /** Undefined when no target has that name. */
    steer(name: string, action: BreakerAction, note: { reason: string; author: string }): Promise<object | undefined>;
  };
  /** What waits on disk; null without a spool. */
  readonly spool: () => object | null;
  readonly deadLetters: DeadLetters;
  /** Members, and what this one owns. */
  readonly fleet: () => object;
  /** Who owns which stream in the whole fleet. Rejects while that cannot be asked. */
  readonly leases: () => Promise<readonly Lease[]>;
  /** What became of the latest commands. */
  readonly commands: Pick<CommandTimeline, 'newest' | 'find'>;
  /**
   * Begins to read a sample of a stream's records; the answer ends it.
   * `unknown` when no target has that name, `full` when there are as many readers as may be.
   */
  readonly tap: (
    stream: string,
    perSecond: number,
    onSecond: (second: TapSecond) => void,
  ) => (() => void) | 'unknown' | 'full';
  /** Redacted. */
  readonly config: () => object;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** As it is written in documents. */
  readonly path: string;
  readonly matches: RegExp;
  readonly right: Right;
  /** An object, or an `EventStream`. */
  answer(sources: OperationsSources, call: Call): unknown;
}

export interface Call {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  /** What the path's groups matched. */
  readonly parts: readonly string[];
}

export const routes: readonly Route[] = [
  read('/streams', ({ now, totals, report }) => ({ now: now(), totals: totals(), streams: report() })),
  read('/breakers', ({ breakers }) => ({ breakers: breakers.report() })),
  read('/spool', ({ spool }) => ({ spool: spool() })),
  read('/fleet', ({ fleet }) => fleet()),
  read('/leases', async ({ leases }) => {
    try {
      return { leases: (await leases()).map(({ scope, ...lease }) => ({ target: scope, ...lease })) };
    } catch (error) {
      throw new ApiProblem(503, `Who owns what cannot be asked now: ${(error as Error).message}`);
    }
  }),
  read('/config', ({ config }) => config()),
  read('/commands', ({ commands }, { query }) => ({
    commands: commands.newest(numberOf(query, 'newest', 50, maxCommands)),
  })),
  {
    method: 'GET',
    path: '/commands/CORRELATION-ID',
    matches: /^\/commands\/(.{1,1000})$/s,
    right: 'read',
    answer({ commands }, { parts: [id = ''] }) {
      const found = commands.find(id);
      if (!found) {
        throw new ApiProblem(404, `No such command is among the latest ${maxCommands} of this member.`);
      }
      return found;
    },
  },
  read('/tap', ({ tap }, { request, query }) => {
    const perSecond = numberOf(query, 'per_second', 10, maxPerSecond);
    const stream = query.get('stream') ?? '';
    if (request.method === 'HEAD') return {};
    return new EventStream((send) => {
      const reading = tap(stream, perSecond, send);
      if (reading === 'unknown') {
        throw new ApiProblem(404, '"stream" takes the name of one that /streams shows, such as upbit/korea/trade.');
      }
      if (reading === 'full') throw new ApiProblem(503, `There are ${maxReaders} readers already. End one of them.`);
      return reading;
    });
  }),
  read('/dead-letters', async ({ deadLetters }, { query }) => ({
    dead_letters: await deadLetters.newest(numberOf(query, 'newest', 20, maxNewest)),
  })),
  {
    method: 'GET',
    path: '/dead-letters/PARTITION/OFFSET',
    matches: /^\/dead-letters\/(\d{1,9})\/(\d{1,19})$/,
    right: 'read',
    async answer({ deadLetters }, { parts: [partition, offset] }) {
      const found = await deadLetters.find(Number(partition), offset ?? '');
      if (!found) throw new ApiProblem(404, 'There is no such dead letter: not yet written, or no longer kept.');
      return found;
    },
  },
  {
    method: 'POST',
    path: '/dead-letters/replay',
    matches: /^\/dead-letters\/replay$/,
    right: 'change',
    async answer({ deadLetters }, { request }) {
      const fields = await readFields(request);
      refuseOthers(fields, ['partition', 'from', 'to', 'limit', 'again', 'dry_run']);
      const partition = integerField(fields, 'partition', 2 ** 31 - 1);
      const [from, to] = [offsetField(fields, 'from'), offsetField(fields, 'to')];
      if (partition === undefined && (from !== undefined || to !== undefined)) {
        throw new ApiProblem(400, '"from" and "to" are offsets of one partition. Name it in "partition".');
      }
      const limit = integerField(fields, 'limit', maxReplay, 1);
      return deadLetters.replay({
        ...(partition !== undefined && { partition }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        ...(limit !== undefined && { limit }),
        again: flagField(fields, 'again'),
        dryRun: flagField(fields, 'dry_run'),
      });
    },
  },
  {
    method: 'POST',
    path: '/breakers/NAME/open|close|reset',
    matches: /^\/breakers\/(.{1,300})\/(open|close|reset)$/,
    right: 'change',
    async answer({ breakers }, { request, parts: [name = '', action] }) {
      const fields = await readFields(request);
      refuseOthers(fields, ['reason', 'author']);
      const note = { reason: textField(fields, 'reason'), author: textField(fields, 'author') };
      const steered = await breakers.steer(name, action as BreakerAction, note);
      if (!steered) {
        throw new ApiProblem(
          404,
          'There is no such breaker. Names are exchange/region/kind, such as upbit/korea/trade.',
        );
      }
      return steered;
    },
  },
];

function numberOf(query: URLSearchParams, name: string, usual: number, max: number): number {
  const given = Number(query.get(name) ?? usual);
  if (Number.isInteger(given) && given >= 1 && given <= max) return given;
  throw new ApiProblem(400, `"${name}" takes a whole number from 1 to ${max}.`);
}

function read(path: string, answer: Route['answer']): Route {
  return { method: 'GET', path, matches: new RegExp(`^${path}$`), right: 'read', answer };
}
