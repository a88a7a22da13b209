import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,agent,cloud,sign,scripts}/**/*.test.ts'],
    // Real players, brokers and databases start in many tests; two cores are shared with neighbours.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: false,
  },
});
