import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBench } from './lib/bench.mjs';
import { circumstances } from './lib/circumstances.mjs';
import { inWords, targetsInWords } from './lib/report.mjs';
import { parts } from './parts/index.mjs';
import { peers } from './parts/peers.mjs';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));

const OPTIONS = {
  only: { type: 'string', multiple: true },
  quick: { type: 'boolean', default: false },
  profile: { type: 'string' },
  peers: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};
const { values, wrong } = read();
if (values?.help || wrong) {
  const list = Object.entries(parts).map(([name, { about }]) => `  ${name.padEnd(14)}${about}`);
  const lines = [
    'npm run bench -- [--only <part>]… [--quick] [--json] [--profile <folder>]',
    'npm run bench -- --peers [--quick] [--json]',
    '',
    'Parts:',
    ...list,
    '',
    '--peers measures others who answer durably instead: Restate, and DBOS on Postgres. It gets them from npm, once, into the',
    "user's cache folder (some 240 MB).",
  ];
  const out = wrong ? process.stderr : process.stdout;
  out.write(`${wrong ? `${wrong}\n` : ''}${lines.join('\n')}\n`);
  process.exit(wrong ? 2 : 0);
}

/** Returns what the command line says, or what is wrong with it. */
function read() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    if (values.peers && values.only) return { wrong: '--peers has no parts: leave --only out.' };
    const unknown = values.only?.find((name) => !Object.hasOwn(parts, name));
    return { values, wrong: unknown === undefined ? undefined : `There is no part "${unknown}".` };
  } catch (error) {
    return { wrong: error.message };
  }
}

const say = (line) => process.stderr.write(`${line}\n`);
const results = { ...circumstances(values), targets: [], rows: [] };
const bench = await openBench({ quick: values.quick, profile: values.profile && resolve(values.profile), say });
let stopping;
const stop = () => {
  stopping ??= bench.end();
  return stopping;
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop().then(() => process.exit(130)));

try {
  results.bodyBytes = (await bench.generator()).bytes;
  const wanted = values.peers ? { peers: { run: peers } } : parts;
  for (const name of values.only ?? Object.keys(wanted)) {
    const began = performance.now();
    try {
      const { targets, rows } = await wanted[name].run(bench);
      results.targets.push(...targets);
      results.rows.push(...rows);
      say(`${name}: done in ${Math.round((performance.now() - began) / 1000)} s`);
      // It takes long: what is known is not lost if it is ended.
      if (targets.length > 0) say(targetsInWords(targets));
    } catch (error) {
      if (stopping) throw error;
      say(`${name} can't be measured: ${error.stack}`);
      process.exitCode = 1;
    }
  }
  await stop();
  const json = `${JSON.stringify(results, null, 2)}\n`;
  await writeFile(RESULTS, json);
  process.stdout.write(values.json ? json : `${inWords(results)}\nAs JSON in ${RESULTS}\n`);
} catch (error) {
  if (!stopping) say(error.stack);
  process.exitCode = 1;
  await stop();
}
// A library's timer must not keep the process.
setTimeout(() => process.exit(), 2_000).unref();
