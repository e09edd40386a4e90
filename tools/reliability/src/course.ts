import type { Outcome } from './accounts/account-for.js';
import type { Servers } from './servers/servers.js';

export interface CourseOptions {
  readonly servers: Servers;
  /** How often the fault happens, where it happens more than once. */
  readonly rounds: number;
  /** One or two rounds, short absences: as in CI. */
  readonly short: boolean;
  /** Tells a person how it goes. */
  readonly say: (line: string) => void;
}

/** What a course found out. */
export interface CourseFigures {
  readonly outcome: Outcome;
  readonly rounds: number;
  /** Milliseconds of each round from `from` until every stream flowed again. */
  readonly recoveryMs: readonly number[];
  /** From what on recovery counts: from the fault, or from the server being back. */
  readonly from: string;
  readonly framesPerSecond: number;
  readonly seconds: number;
  /** Anything else that a reader should know. */
  readonly notes?: readonly string[];
}

/** One thing that goes wrong, on purpose, and what may come of it. */
export interface Course {
  readonly name: string;
  /** What goes wrong, as the table says it. */
  readonly fault: string;
  /** Problems with an outcome, by the gateway's promises; empty when they were kept. */
  promises(figures: CourseFigures): readonly string[];
  run(options: CourseOptions): Promise<CourseFigures>;
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
