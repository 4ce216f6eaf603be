import { defineConfig } from 'vitest/config';

/** The tests of one area, without the servers that the other tests share: `npm run mutate` runs them for each mutant. */
export default defineConfig({
  // Stryker's copy lies below node_modules, where Vite asks no tsconfig.json what markup is made by.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['test/mutate/area.ts'],
    setupFiles: ['test/mutate/each-mutant.ts'],
    testTimeout: 180_000,
  },
});
