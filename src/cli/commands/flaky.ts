import { Command } from 'commander';
import type { FlakyTestsAnswer } from '../../server/api/contract.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { counted } from '../format/counted.js';
import { harmless, paint, print } from '../format/paint.js';
import { type ServerOptions, urlOption, wholeNumber } from './options.js';

type Test = FlakyTestsAnswer['tests'][number];

interface Options extends ServerOptions {
  readonly limit: number;
  readonly repository?: string;
}

/** As many as the server gives at once. */
const MAX_LIMIT = 500;

/** `hookyard flaky`: lists the tests that have failed and then passed on the same commit. */
export const flaky = () =>
  new Command('flaky')
    .description('list the tests that failed and then passed on the same commit, in the last 30 days')
    .option('--repository <owner/name>', 'only of this repository')
    .option('--limit <n>', `how many, ${MAX_LIMIT} at most`, wholeNumber({ least: 1, most: MAX_LIMIT }), 50)
    .addOption(urlOption)
    .option('--json', 'print JSON, one test a line')
    .action(async ({ limit, repository, json, ...options }: Options) => {
      const api = await connectApi(options);
      const { tests, more } = await api.flakyTests({ repository, limit });
      if (json) for (const test of tests) print(jsonText(test));
      else if (tests.length === 0)
        print('No test was flaky in the last 30 days, of those that steps report with "tests"');
      else for (const line of tests.flatMap(linesOf)) print(line);
      if (more) process.stderr.write(`There are more: ${howToSeeMore(limit)}\n`);
    });

function howToSeeMore(limit: number): string {
  return limit === MAX_LIMIT
    ? 'name a repository with --repository'
    : `--limit ${Math.min(MAX_LIMIT, limit * 4)} shows them`;
}

function linesOf({
  repository,
  automation,
  job,
  test,
  suite,
  file,
  line,
  message,
  times,
  lastAt,
  sha,
  run,
}: Test): string[] {
  const name = harmless([suite, test].filter(Boolean).join(' > '));
  const place = file === undefined ? '' : `  ${harmless(`${file}${line === undefined ? '' : `:${line}`}`)}`;
  const when = `${lastAt.slice(0, 19).replace('T', ' ')}  ${counted(times, 'time')}`;
  const [first = ''] = (message ?? '').split('\n');
  return [
    `${name}${place}`,
    paint(
      'gray',
      harmless(`  ${when}, last at ${sha.slice(0, 7)} of ${repository}, job ${job} of ${automation}: ${run}`),
    ),
    ...(first === '' ? [] : [paint('gray', harmless(`  ${first.slice(0, 200)}`))]),
  ];
}
