import { defineConfig, type ViteUserConfig } from 'vitest/config';

// What mutation testing runs for each mutant: the tests that need nothing but this process.
const config: ViteUserConfig = defineConfig({
  test: {
    // Each mutant is a run of its own already; a new worker for each file of tests would cost more than the tests.
    isolate: false,
    fileParallelism: false,
    include: ['src/**/*.test.ts'],
    exclude: ['**/*.long.test.ts', 'src/readme.test.ts', 'src/redis/**', 'src/connections/**', 'src/cluster.test.ts'],
  },
});

export default config;
