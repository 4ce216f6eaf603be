import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import picomatch from 'picomatch';
import { AREAS } from './areas.mjs';
import { rowOf, table } from './report.mjs';
import { readSurvivors } from './survivors.mjs';

/** In percent: with a lower score of an area, the exit code is 1. */
const LEAST = 85;
const CACHE = 'node_modules/.cache/mutate';
/** Changes that no test can notice, or that none need, each with the reason. */
const EXPLAINED = 'test/mutate/survivors.md';

const HELP = `npm run mutate -- [<area>]… [--concurrency <n>] [--timeout <s>] [--fresh]

Changes the code that trust hangs on, one change at a time, and lists those that no test notices and that
${EXPLAINED} does not explain. It takes hours; what has been tried is tried again only where the code or
its tests have changed, unless --fresh.

Areas: ${Object.keys(AREAS).join(', ')}

--concurrency  changes that are tried at once, 2 by default; 1 for slower machines
--timeout      seconds beyond what the tests take after which a change counts as noticed, since it has no end: 10 by default;
               more for machines that are busy

It ends with 0 if each area has ${LEAST} % or more, with 1 if one has less, and with 2 if one could not be tried.
`;

const { values, positionals, wrong } = readCommandLine();
if (wrong !== undefined) {
  process.stderr.write(`${wrong}\nnpm run mutate -- --help says how it is used.\n`);
  process.exit(2);
}
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

mkdirSync(CACHE, { recursive: true });
const explained = readSurvivors(EXPLAINED);
const names = positionals.length > 0 ? positionals : Object.keys(AREAS);
const rows = [];
for (const [at, name] of names.entries()) {
  process.stdout.write(`\n${name} (${at + 1} of ${names.length})\n`);
  const begin = Date.now();
  try {
    const row = rowOf(name, { mutants: await mutantsOf(name), explained, ms: Date.now() - begin });
    for (const line of row.lines) process.stdout.write(`${line}\n`);
    rows.push(row);
  } catch (error) {
    process.stdout.write(`${name} can't be tried: ${error.message}\nDo its tests pass without changes?\n`);
    rows.push({ name, isTried: false });
  }
}
process.stdout.write(`\n${table(rows)}\n`);
const failed = rows.filter(({ isTried }) => !isTried).map(({ name }) => name);
const low = rows.filter(({ isTried, score }) => isTried && score < LEAST).map(({ name }) => name);
if (failed.length > 0) process.stdout.write(`Not tried: ${failed.join(', ')}\n`);
if (low.length > 0) process.stdout.write(`Below ${LEAST} %: ${low.join(', ')}\n`);
process.exit(failed.length > 0 ? 2 : low.length > 0 ? 1 : 0);

/** Returns what the command line says, or what is wrong with it. */
function readCommandLine() {
  try {
    const read = parseArgs({
      allowPositionals: true,
      options: {
        concurrency: { type: 'string', default: '2' },
        timeout: { type: 'string', default: '10' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const unknown = read.positionals.filter((name) => !Object.hasOwn(AREAS, name));
    if (unknown.length > 0)
      return { wrong: `There is no area ${unknown.join(', ')}; there are ${Object.keys(AREAS).join(', ')}` };
    const { concurrency, timeout } = read.values;
    if (!/^[1-9]\d?$/.test(concurrency)) return { wrong: `--concurrency is a number from 1 to 99, not ${concurrency}` };
    if (!/^[1-9]\d{0,2}$/.test(timeout))
      return { wrong: `--timeout is a number of seconds from 1 to 999, not ${timeout}` };
    return read;
  } catch (error) {
    return { wrong: error.message };
  }
}

async function mutantsOf(name) {
  const { mutate, tests } = AREAS[name];
  const files = tests.flatMap(testFiles);
  process.env.MUTATE_TESTS = JSON.stringify(files);
  // To Stryker, all tests are in area.ts, which does not change with them.
  const content = createHash('sha256');
  for (const file of files) content.update(readFileSync(file));
  const mutants = await new Stryker({
    mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutate/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    // What is made once, when a file is loaded, would need every test for each of its mutants.
    ignoreStatic: true,
    concurrency: Number(values.concurrency),
    // A mutant that has not come to an end by then counts as noticed, which a slow machine must not be the reason of.
    timeoutMS: Number(values.timeout) * 1_000,
    incremental: true,
    force: values.fresh,
    incrementalFile: `${CACHE}/${name}-${content.digest('hex').slice(0, 12)}.json`,
    tempDirName: `${CACHE}/sandbox`,
    ignorePatterns: ['.hookyard', 'bench', 'docs', 'deploy'],
    reporters: ['progress-append-only'],
    // Stryker would rewrite the compiler's settings for its copy, by an API that TypeScript 7 no longer has. Nothing compiles there.
    tsconfigFile: 'none',
    logLevel: 'warn',
  }).runMutationTest();
  if (mutants.length === 0) throw new Error(`no file, or no code in it, is called ${mutate.join(', ')}`);
  return mutants;
}

/** Returns the test files that a pattern of areas.mjs means. */
function testFiles(pattern) {
  const matches = picomatch(pattern);
  const found = readdirSync('test', { recursive: true })
    .map((file) => join('test', file))
    .filter((file) => matches(file))
    .sort();
  if (found.length === 0) throw new Error(`no test file is called ${pattern}`);
  return found;
}
