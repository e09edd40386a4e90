import { describeUnlessMissing, realServices } from '@naru/test-services';
import { beforeAll, expect, test } from 'vitest';
import { courses } from './courses.js';
import { type CourseResult, runCourses } from './run-courses.js';
import { startServers } from './servers/servers.js';

/** Those that together take well under a minute; the others have short versions of their own kind elsewhere. */
const inShort = ['broker-killed', 'disk-full', 'gateway-joins', 'gateway-killed', 'gateway-stopped'];

// They start servers of their own, which needs what the real ones need.
const missing = realServices.kafka
  ? undefined
  : { what: 'KAFKA_BROKERS', howToGet: 'run the tests with "pnpm test:real" after "pnpm infra up"' };

describeUnlessMissing('short courses on real servers', missing, () => {
  let results: readonly CourseResult[];
  beforeAll(async () => {
    const chosen = courses
      .filter(({ course }) => inShort.includes(course.name))
      .map((listed) => ({ ...listed, rounds: 1 }));
    await using servers = await startServers();
    results = await runCourses(servers, chosen, true, () => {});
  }, 500_000);

  test.each(inShort)('%s keeps every promise, or says why this machine cannot run it', async (name) => {
    const result = results.find((one) => one.name === name);
    const { course } = courses.find((listed) => listed.course.name === name)!;
    expect(result?.broken).toEqual([]);
    expect(result?.leftOut).toBe(await course.impossible?.());
    if (result?.leftOut === undefined) expect(result?.figures?.outcome.kept).toBeGreaterThan(100);
  });
});
