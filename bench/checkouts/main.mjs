import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckouts } from '../lib/checkouts.mjs';
import { table } from '../lib/report.mjs';
import { importPackage } from './import-package.mjs';
import { makeUp } from './make-up.mjs';
import { measure } from './measure.mjs';
import { NPM, PYPI } from './packages.mjs';

/*
 * Checks out real projects, of the registries that npm and pip are set to, and a repository with all that builds ask of git, as jobs
 * do: looks at what is there, and at the time that it takes beside git by hand. Ends within five minutes, and leaves nothing.
 */

const MINUTES = 5;
const PACKAGES = [
  { registry: NPM, name: 'lodash', version: '4.17.21' },
  { registry: NPM, name: 'date-fns', version: '4.1.0' },
  { registry: PYPI, name: 'django', version: '5.1.4' },
];

const folder = mkdtempSync(join(tmpdir(), 'hookyard-checkouts-'));
const clean = () => rmSync(folder, { recursive: true, force: true });
const stop = (code, why) => {
  process.stderr.write(`${why}\n`);
  clean();
  process.exit(code);
};
setTimeout(() => stop(1, `not done within ${MINUTES} minutes: is this machine busy?`), MINUTES * 60_000).unref();
process.on('SIGINT', () => stop(130, 'stopped'));
process.on('SIGTERM', () => stop(143, 'stopped'));

try {
  const repositories = join(folder, 'repositories');
  const checkouts = await openCheckouts({ data: join(folder, 'data'), url: `${repositories}/{fullName}.git` });
  const rows = [];
  for (const { registry, name, version } of PACKAGES) {
    say(`fetching ${name} ${version} with ${registry.client} …`);
    const { unpacked, because } = registry.fetch({ name, version, folder });
    if (unpacked === undefined) {
      say(`skipped ${name}: ${because}`);
      continue;
    }
    rows.push(await measure(importPackage({ unpacked, name, version, repositories }), { checkouts, folder, say }));
  }
  say('making up a repository of 20,000 files and 2,000 commits …');
  rows.push(await measure(makeUp({ repositories }), { checkouts, folder, say }));
  const columns = Object.keys(rows[0]);
  process.stdout.write(
    `${table(
      columns,
      rows.map((row) => columns.map((column) => String(row[column]))),
    )}\n`,
  );
  const wrong = rows.filter((row) => Object.values(row).some((value) => String(value).startsWith('WRONG')));
  process.exitCode = wrong.length > 0 ? 1 : 0;
} finally {
  clean();
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
