// What of the console page is no TypeScript goes beside what was compiled of it.
import { copyFileSync } from 'node:fs';

for (const name of ['index.html', 'console.css', 'icon.svg']) {
  copyFileSync(
    new URL(`../src/console/page/${name}`, import.meta.url),
    new URL(`../dist/console/page/${name}`, import.meta.url),
  );
}
