import { defineConfig } from 'vitest/config';

/** Tests that try hundreds of forms, or look at the time: too long to be run for each mutant. */
const SLOW = /whatever is absent, null or of another form|^time |^a job’s log /;

/** The tests of one area, without the servers that the other tests share: `npm run mutate` runs them for each mutant. */
export default defineConfig({
  test: {
    include: JSON.parse(process.env.MUTATE_TESTS ?? '[]') as string[],
    testNamePattern: new RegExp(`^(?!.*(?:${SLOW.source}))`),
    testTimeout: 30_000,
  },
});
