import { mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { AREAS } from './areas.mjs';

/** In percent: with a lower score of an area, the exit code is 1. */
const LEAST = 85;
const CACHE = 'node_modules/.cache/mutate';

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
const rows = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(AREAS)) {
  const { mutate, tests } = AREAS[name];
  process.env.MUTATE_TESTS = JSON.stringify(tests);
  const mutants = await new Stryker({
    mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutate/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    // What is made once, when a file is loaded, would need every test for each of its mutants.
    ignoreStatic: true,
    concurrency: Number(values.concurrency),
    timeoutMS: 10_000,
    incremental: true,
    force: values.fresh,
    incrementalFile: `${CACHE}/${name}.json`,
    tempDirName: `${CACHE}/sandbox`,
    ignorePatterns: ['.hookyard', 'bench', 'docs', 'deploy'],
    reporters: ['progress-append-only'],
    // Stryker would rewrite the compiler's settings for its copy, by an API that TypeScript 7 no longer has. Nothing compiles there.
    tsconfigFile: 'none',
    logLevel: 'warn',
    allowEmpty: true,
  }).runMutationTest();
  const untried = mutants.filter(({ status }) => status === 'Ignored').length;
  const counted = mutants.filter(({ status }) => status !== 'Ignored');
  const noticed = counted.filter(({ status }) => status === 'Killed' || status === 'Timeout');
  const missed = counted.filter((mutant) => !noticed.includes(mutant));
  const score = counted.length === 0 ? 100 : (100 * noticed.length) / counted.length;
  rows.push({
    name,
    score,
    line: `${name.padEnd(12)}${noticed.length} of ${counted.length} noticed, ${score.toFixed(1)} %, ${untried} not tried`,
  });
  const lines = missed.map(({ fileName, location, mutatorName, replacement, status }) => {
    const { line, column } = location.start;
    return `${status} ${relative(process.cwd(), fileName)}:${line}:${column} ${mutatorName}: ${replacement.replace(/\s+/g, ' ').slice(0, 160)}`;
  });
  process.stdout.write(`${[rows.at(-1)?.line, ...lines.map((line) => `  ${line}`), ''].join('\n')}\n`);
}
process.stdout.write(`\n${rows.map(({ line }) => line).join('\n')}\n`);
const low = rows.filter(({ score }) => score < LEAST).map(({ name }) => name);
if (low.length > 0) process.stdout.write(`Below ${LEAST} %: ${low.join(', ')}\n`);
process.exit(low.length > 0 ? 1 : 0);
