import type { CourseFigures } from './course.js';
import type { ListedCourse } from './courses.js';
import { runCourse } from './run-course.js';
import type { Servers } from './servers/servers.js';

/** A course that was run, or left out. */
export interface CourseResult {
  readonly name: string;
  readonly fault: string;
  /** Why this machine cannot run it. */
  readonly leftOut?: string;
  /** Absent when the course could not be finished. */
  readonly figures?: CourseFigures;
  /** Promises that were not kept; empty when all were. */
  readonly broken: readonly string[];
}

/** Runs courses one after the other on the same servers. */
export async function runCourses(
  servers: Servers,
  chosen: readonly ListedCourse[],
  short: boolean,
  say: (line: string) => void,
): Promise<CourseResult[]> {
  const results: CourseResult[] = [];
  for (const { course, rounds } of chosen) {
    const { name, fault } = course;
    say(`${name}: ${fault}`);
    const leftOut = await course.impossible?.();
    if (leftOut !== undefined) {
      results.push({ name, fault, leftOut, broken: [] });
      say(`${name}: left out, ${leftOut}`);
      continue;
    }
    try {
      const figures = await runCourse(course, { servers, rounds, short, say: (line) => say(`${name}: ${line}`) });
      results.push({ name, fault, figures, broken: course.promises(figures) });
    } catch (error) {
      results.push({ name, fault, broken: [(error as Error).message] });
    }
    const { broken } = results.at(-1)!;
    say(`${name}: ${broken.length === 0 ? 'every promise kept' : broken.join('; ')}`);
  }
  return results;
}
