import { defineConfig } from 'vitest/config';

/** Long runs on purpose, apart from the tests: `npm run fuzz`. */
export default defineConfig({
  test: { include: ['test/fuzz/**/*.fuzz.ts'], reporters: ['default', './test/support/closing-line.ts'] },
});
