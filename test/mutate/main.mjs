import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import picomatch from 'picomatch';
import { AREAS } from './areas.mjs';
import { changeOf, readSurvivors } from './survivors.mjs';

/** In percent: with a lower score of an area, the exit code is 1. */
const LEAST = 85;
const CACHE = 'node_modules/.cache/mutate';
/** Changes that no test can notice, or that none need, each with the reason. */
const EXPLAINED = 'test/mutate/survivors.md';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { concurrency: { type: 'string', default: '2' }, fresh: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(AREAS, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no area ${unknown.join(', ')}; there are ${Object.keys(AREAS).join(', ')}\n`);
  process.exit(2);
}

mkdirSync(CACHE, { recursive: true });
const explanations = new Set(readSurvivors(EXPLAINED).map(({ file, change }) => `${file} ${change}`));
const names = positionals.length > 0 ? positionals : Object.keys(AREAS);
const rows = [];
for (const [at, name] of names.entries()) {
  process.stdout.write(`\n${name} (${at + 1} of ${names.length})\n`);
  const begin = Date.now();
  try {
    rows.push(rowOf(name, await mutantsOf(name), Date.now() - begin));
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
    timeoutMS: 10_000,
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

/** Returns what became of an area's mutants, and prints those that no test notices and nobody has explained. */
function rowOf(name, mutants, ms) {
  const counted = mutants.filter(({ status }) => status !== 'Ignored');
  const killed = counted.filter(({ status }) => status === 'Killed').length;
  const endless = counted.filter(({ status }) => status === 'Timeout').length;
  const missed = counted.filter(({ status }) => status !== 'Killed' && status !== 'Timeout');
  const sources = new Map();
  const open = missed.flatMap((mutant) => {
    const file = relative(process.cwd(), mutant.fileName);
    if (!sources.has(file)) sources.set(file, readFileSync(file, 'utf8'));
    const change = changeOf(sources.get(file), mutant);
    if (explanations.has(`${file} ${change}`)) return [];
    const { line, column } = mutant.location.start;
    return [`  ${mutant.status} ${file}:${line}:${column} ${change}`];
  });
  if (open.length > 0) process.stdout.write(`${open.join('\n')}\n`);
  const score = counted.length === 0 ? 100 : (100 * (killed + endless)) / counted.length;
  const explained = missed.length - open.length;
  const untried = mutants.length - counted.length;
  return {
    name,
    isTried: true,
    tried: counted.length,
    killed,
    endless,
    explained,
    open: open.length,
    untried,
    score,
    ms,
  };
}

/** One line for each area. `endless` are mutants that did not come to an end, which counts as noticed. */
function table(all) {
  const head = ['area', 'tried', 'noticed', 'endless', 'explained', 'open', 'not tried', 'score', 'minutes'];
  const lines = all.map((row) =>
    row.isTried
      ? [
          row.name,
          ...[row.tried, row.killed + row.endless, row.endless, row.explained, row.open, row.untried],
          `${row.score.toFixed(1)} %`,
          (row.ms / 60_000).toFixed(1),
        ]
      : [row.name, ...head.slice(1).map(() => '-')],
  );
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((line) => `${line[at]}`.length)));
  return [head, ...lines]
    .map((line) => line.map((cell, at) => `${cell}`[at === 0 ? 'padEnd' : 'padStart'](widths[at])).join('  '))
    .join('\n');
}
