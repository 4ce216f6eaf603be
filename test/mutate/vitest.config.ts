import { defineConfig } from 'vitest/config';

/** The tests of one area, without the servers that the other tests share: `npm run mutate` runs them for each mutant. */
export default defineConfig({
  test: {
    include: ['test/mutate/area.ts'],
    setupFiles: ['test/mutate/each-mutant.ts'],
    testTimeout: 30_000,
  },
});
