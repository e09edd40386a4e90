import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A stock consumer resets offsets only after one long poll of five seconds.
  test: { testTimeout: 30_000 },
});
