import { describe } from 'vitest';

declare const __vitest_worker__: { readonly config: { readonly testNamePattern?: RegExp } };

/** Names of the tests that Stryker wants for a mutant; undefined where it wants all. They begin with the file. */
const wanted = __vitest_worker__.config.testNamePattern?.source.replaceAll('\\', '');

/** The tests of one area as one file: for each mutant, what they need is loaded once, and only what those that reach it need. */
for (const file of JSON.parse(process.env.MUTATE_TESTS ?? '[]') as string[])
  if (wanted?.includes(`${file} `) ?? true)
    describe(file, async () => {
      await import(/* @vite-ignore */ `../../${file}`);
    });
