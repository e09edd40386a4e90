import type { Course, CourseFigures, Flight } from './course.js';
import { Rig } from './rig.js';
import type { Servers } from './servers/servers.js';

export interface CourseOptions {
  readonly servers: Servers;
  /** How often the fault happens. */
  readonly rounds: number;
  /** Short absences, small rates. */
  readonly short: boolean;
  readonly say: (line: string) => void;
}

/** Lets the streams flow, lets it go wrong in every round, and looks afterwards for every record. */
export async function runCourse(course: Course, options: CourseOptions): Promise<CourseFigures> {
  const { servers, rounds, short, say } = options;
  const framesPerSecond = course.framesPerSecond[short ? 'short' : 'whole'];
  const begin = performance.now();
  await using rig = await Rig.start(servers, course.name, course.rig(short));
  await rig.simulator.setRate(framesPerSecond);
  await rig.flowsAgain(30);
  const recoveryMs: number[] = [];
  const notes = new Set<string>();
  for (let round = 1; round <= rounds; round += 1) {
    const flight: Flight = {
      servers,
      rig,
      round,
      isLast: round === rounds,
      short,
      async recovers(withinSeconds) {
        const ms = await rig.flowsAgain(withinSeconds);
        recoveryMs.push(ms);
        say(`round ${round}: every stream flows ${Math.round(ms)} ms after ${course.from}`);
      },
      note: (text) => void notes.add(text),
      say: (line) => say(`round ${round}: ${line}`),
    };
    await course.round(flight);
  }
  await rig.settle(course.settleSeconds);
  return {
    outcome: await rig.outcome(),
    rounds,
    recoveryMs,
    from: course.from,
    framesPerSecond,
    seconds: (performance.now() - begin) / 1_000,
    notes: [...notes],
  };
}
