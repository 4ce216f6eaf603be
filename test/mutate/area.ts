import { describe } from 'vitest';

/** The tests of one area as one file: for each mutant, what they need is loaded once, and not once for each of them. */
for (const file of JSON.parse(process.env.MUTATE_TESTS ?? '[]') as string[])
  describe(file, async () => {
    await import(/* @vite-ignore */ `../../${file}`);
  });
