import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,agent,cloud,sign,scripts}/**/*.test.ts'],
    // Real players, brokers and databases start in many tests; two cores are shared with neighbours.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Tests with real players, brokers and kills meet a neighbour's load now and then: CI asks twice more before it says
    // no, and names who needed it. A developer is told at once.
    retry: process.env['CI'] === undefined ? 0 : 2,
    passWithNoTests: false,
  },
});
