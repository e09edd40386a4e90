import { defineConfig } from 'vitest/config';

// What mutation testing runs for each mutant: the tests that need nothing but this process.
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    exclude: [
      '**/*.long.test.ts',
      'src/readme.test.ts',
      'src/model/**',
      'src/**/faults.test.ts',
      'src/cluster.test.ts',
      'src/connections/**',
    ],
  },
});
