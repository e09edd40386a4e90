import { describe, expect, it } from 'vitest';
import { javaMajor, missingMessage } from './prerequisites.js';

describe('prerequisites', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_402"', 8],
    ['command not found', undefined],
  ])('reads the major of %s', (output, major) => {
    expect(javaMajor(output)).toBe(major);
  });

  it('names everything that is missing and the command that mends it', () => {
    const message = missingMessage(
      new Map([
        ['java', 'no java'],
        ['redis-server', 'no redis'],
      ]),
      'apt-get install -y x y',
    );
    expect(message).toContain('  - no java\n  - no redis\n');
    expect(message).toContain('Mend it with: apt-get install -y x y');
  });
});
