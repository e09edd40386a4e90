import type { Outcome } from './accounts/account-for.js';
import type { Rig, RigOptions } from './rig.js';
import type { Servers } from './servers/servers.js';

/** One thing that goes wrong, on purpose, and what may come of it. */
export interface Course {
  readonly name: string;
  /** What goes wrong, as the table says it. */
  readonly fault: string;
  /** From what on recovery counts: from the fault, or from the server being back. */
  readonly from: string;
  /** Frames of all exchanges together that flow all the while. */
  readonly framesPerSecond: Lengths;
  /** How long what was buffered may take to reach Kafka at the end. Default 120. */
  readonly settleSeconds?: number;
  /** What stands between the exchanges and Kafka. */
  rig(short: boolean): RigOptions;
  /** Why it cannot be run on this machine; undefined when it can. Left out, it is always possible. */
  readonly impossible?: () => Promise<string | undefined>;
  /** Lets it go wrong once, every stream flowing, and waits until every stream flows again. */
  round(flight: Flight): Promise<void>;
  /** Problems with an outcome, by the gateway's promises; empty when they were kept. */
  promises(figures: CourseFigures): readonly string[];
}

/** A number of a whole run and of a short one, as in CI. */
export interface Lengths {
  readonly whole: number;
  readonly short: number;
}

/** A course that is under way. */
export interface Flight {
  readonly servers: Servers;
  readonly rig: Rig;
  /** From 1 on. */
  readonly round: number;
  readonly isLast: boolean;
  /** Short absences, as in CI. */
  readonly short: boolean;
  /** Waits until every stream flows again; how long that took is a figure of the course. */
  recovers(withinSeconds: number): Promise<void>;
  /** Something that a reader of the figures should know; said twice it is noted once. */
  note(text: string): void;
  /** Tells a person how it goes. */
  say(line: string): void;
}

/** What a course found out. */
export interface CourseFigures {
  readonly outcome: Outcome;
  readonly rounds: number;
  /** Milliseconds of each recovery from `from` until every stream flowed again. */
  readonly recoveryMs: readonly number[];
  readonly from: string;
  readonly framesPerSecond: number;
  readonly seconds: number;
  readonly notes: readonly string[];
}

/** What holds in every course: nothing is invented or out of order, and what is lost after receipt is counted. */
export function alwaysPromised({ outcome }: CourseFigures): string[] {
  return [
    ...(outcome.kept === 0 ? ['nothing arrived'] : []),
    ...(outcome.wrong > 0 ? [`${outcome.wrong} records are wrong`] : []),
    ...(outcome.misordered > 0 ? [`${outcome.misordered} records are out of order`] : []),
  ];
}

/** Where nothing that holds records dies. */
export function losesNothing(figures: CourseFigures): string[] {
  const { lost, duplicated } = figures.outcome;
  return [
    ...alwaysPromised(figures),
    ...(lost > 0 ? [`${lost} records are lost`] : []),
    ...(duplicated > 0 ? [`${duplicated} records came twice`] : []),
  ];
}

/** Where sockets are closed in order: a frame that an exchange wrote meanwhile arrives nowhere, and nothing else is lost. */
export function losesInClosingSockets(figures: CourseFigures): string[] {
  const { outcome, framesPerSecond, rounds } = figures;
  const most = framesPerSecond * rounds;
  return [
    ...alwaysPromised(figures),
    ...(outcome.dropped > 0 ? [`${outcome.dropped} records were dropped`] : []),
    ...(outcome.lost > most ? [`${outcome.lost} records are lost, more than closing sockets explain`] : []),
  ];
}

/** Where there is room for some of what comes, and the rest is counted. */
export function countsWhatItDrops(figures: CourseFigures): string[] {
  const { lost, dropped } = figures.outcome;
  return [
    ...alwaysPromised(figures),
    ...(dropped === 0 ? ['nothing was dropped: there was always room'] : []),
    ...(lost !== dropped ? [`${lost} records are lost and ${dropped} were counted`] : []),
  ];
}
