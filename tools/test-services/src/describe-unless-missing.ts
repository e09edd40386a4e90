import { describe, it } from 'vitest';

/**
 * A suite that needs something of the machine. Where that is missing the suite is skipped under a name that says so;
 * with `NARU_REQUIRE_REAL=1` it is one failed test instead, which says how to get it.
 */
export function describeUnlessMissing(
  title: string,
  missing: { readonly what: string; readonly howToGet: string } | undefined,
  body: () => void,
): void {
  if (missing === undefined) {
    describe(title, body);
    return;
  }
  const name = `${title} [needs ${missing.what}]`;
  if (process.env.NARU_REQUIRE_REAL === '1') {
    it(name, () => {
      throw new Error(`${name}: ${missing.howToGet}.`);
    });
    return;
  }
  describe.skip(name, body);
}
