import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { NaruReporter } from './tools/test-services/src/naru-reporter.js';

// Long proofs are `*.long.test.ts`: left out of every run but `pnpm test:long`, which runs nothing else.
const long = process.env.NARU_LONG === '1';

export default defineConfig({
  test: {
    reporters: ['default', new NaruReporter()],
    testTimeout: long ? 600_000 : 30_000,
    hookTimeout: 60_000,
    // No test may lean on another: every run has an order of its own, and says by which seed (`--sequence.seed`).
    sequence: { shuffle: true },
    projects: packageFolders().map((folder) => ({
      extends: true,
      test: {
        name: JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).name,
        root: folder,
        include: [long ? '**/*.long.test.ts' : '**/*.test.ts'],
        exclude: ['**/node_modules/**', '**/dist/**', '**/.stryker-tmp/**', ...(long ? [] : ['**/*.long.test.ts'])],
      },
    })),
  },
});

function packageFolders(): string[] {
  const rooms = ['packages', 'apps', 'tools'].flatMap((room) =>
    readdirSync(new URL(room, import.meta.url)).map((name) => `${import.meta.dirname}/${room}/${name}`),
  );
  return [...rooms, `${import.meta.dirname}/benchmarks`, `${import.meta.dirname}/examples`].filter((folder) =>
    existsSync(`${folder}/package.json`),
  );
}
