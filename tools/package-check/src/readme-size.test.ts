import { expect, test } from 'vitest';
import { saysInstalledSize, withInstalledSize } from './readme-size.js';

const readme = '# x\n\n```sh\nnpm install x\n```\n\nMore.\n';

test('says the size below the installation, once', () => {
  const once = withInstalledSize(readme, { bytes: 4_260_000, dependencies: 1 });
  expect(once).toBe(
    '# x\n\n```sh\nnpm install x\n```\n\n<!-- installed -->Installed: 4.3 MB with 1 dependency.<!-- /installed -->\n\nMore.\n',
  );
  expect(withInstalledSize(once, { bytes: 700_000, dependencies: 0 })).toContain(
    'Installed: 0.7 MB with no dependencies.',
  );
  expect(withInstalledSize(once, { bytes: 700_000, dependencies: 0 }).match(/<!-- installed -->/g)).toHaveLength(1);
});

test('lets the size move by a tenth, and the number of dependencies not at all', () => {
  const said = withInstalledSize(readme, { bytes: 4_000_000, dependencies: 12 });
  expect(saysInstalledSize(said, { bytes: 4_390_000, dependencies: 12 })).toBe(true);
  expect(saysInstalledSize(said, { bytes: 4_410_000, dependencies: 12 })).toBe(false);
  expect(saysInstalledSize(said, { bytes: 3_590_000, dependencies: 12 })).toBe(false);
  expect(saysInstalledSize(said, { bytes: 4_000_000, dependencies: 13 })).toBe(false);
  expect(saysInstalledSize(readme, { bytes: 4_000_000, dependencies: 12 })).toBe(false);
});
