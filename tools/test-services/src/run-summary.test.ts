import { describe, expect, it } from 'vitest';
import { reasonInTitle, summaryDetails, summaryLine } from './run-summary.js';

describe('the summary of a run', () => {
  it('names skips on its last line only when there are any', () => {
    expect(summaryLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
    expect(summaryLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped');
  });

  it('reads the reason that a title gives', () => {
    expect(reasonInTitle('leases [needs REDIS_URL] > expire')).toBe('needs REDIS_URL');
    expect(reasonInTitle('takes [1, 2]')).toBeUndefined();
  });

  it('says nothing in detail about a whole run', () => {
    expect(summaryDetails({ passed: 1, failed: 0, skipped: 0, problems: [], skips: [] })).toBe('');
  });

  it('lists each skipped suite with its reason and the way to run it', () => {
    const skips = [{ file: 'a.test.ts', title: 'on Redis', reason: 'needs REDIS_URL', tests: 1 }];
    const details = summaryDetails({ passed: 0, failed: 0, skipped: 1, problems: [], skips });
    expect(details).toContain('  a.test.ts > on Redis (1 test): needs REDIS_URL\n');
    expect(details).toContain('"pnpm infra up"');
    expect(details).toContain('"pnpm test:real"');
  });
});
