import { fileURLToPath } from 'node:url';

/**
 * Stryker's options for a package's `stryker.config.mjs`: which files it mutates, each judged by the tests that cover
 * it and need nothing but this process. Below 85 % killed the run fails.
 */
export function mutationOptions(mutate: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: fileURLToPath(new URL('vitest.config.js', import.meta.url)) },
    mutate: [...mutate, '!src/**/*.test.ts'],
    ignorePatterns: ['/dist', '/fleet', '/tsconfig*.json'],
    // Stryker would rewrite the paths in it for its sandbox, which vitest does not need.
    tsconfigFile: 'none-to-rewrite.json',
    coverageAnalysis: 'perTest',
    // What neither the source nor its tests changed since is not run again; `--mutate FILE` asks for one file.
    incremental: true,
    concurrency: 2,
    timeoutMS: 20_000,
    reporters: ['clear-text'],
    clearTextReporter: { logTests: false, reportTests: false },
    thresholds: { high: 90, low: 85, break: 85 },
  };
}
