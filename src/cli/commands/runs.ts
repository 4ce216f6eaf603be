import { Command, Option } from 'commander';
import type { ListedRun, WaitingRun } from '../../server/api/contract.js';
import { ASKED_OUTCOMES, ASKED_WAITING } from '../../server/api/runs-query.js';
import type { Api, RunsQuery } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { noRun } from '../client/unknown-names.js';
import { calledHere } from '../format/called-here.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { runLines } from '../format/run-lines.js';
import { stateLines } from '../format/state-lines.js';
import { stuckLines } from '../format/stuck-lines.js';
import { UserError } from '../user-error.js';
import { pointInTime, type ServerOptions, urlOption, wholeNumber } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';

interface Options extends ServerOptions, Omit<RunsQuery, 'waiting'> {
  readonly stuck?: boolean;
  readonly waiting?: RunsQuery['waiting'] | true;
}

/** As many as the server gives at once. */
const MAX_LIMIT = 500;
/** Options that say which runs are listed: `--stuck` looks at all. */
const FILTERS = [
  ...(['repository', 'branch', 'pullRequest', 'automation', 'outcome', 'since', 'endedSince'] as const),
  ...(['waiting', 'page'] as const),
] as const;

/**
 * `hookyard runs`: lists runs, the open ones first; with a run, all that is known of it; with `--stuck` those that don't go on by themselves, and then the exit code
 * is 1 if there are some.
 */
export const runs = () =>
  new Command('runs')
    .description(
      'list runs: those that are open, newest first, then those that have ended, the last first; or show one, with what it waits for and what it has led to',
    )
    .argument('[run...]', RUN_NAMES)
    .option('--repository <owner/name>', 'only of this repository')
    .option('--branch <name>', 'only of this branch; of a pull request, the branch that it comes from')
    .option(
      '--pull-request <number>',
      'only of the pull request of this number',
      wholeNumber({ least: 1, most: Number.MAX_SAFE_INTEGER }),
    )
    .option('--automation <name>', 'only of this automation')
    .addOption(
      new Option(
        '--outcome <outcome>',
        'only those that have ended so; red: failed or error, counted: passed, failed or error',
      ).choices(ASKED_OUTCOMES),
    )
    .option('--since <time>', 'only those that began since: 30m, 2h, 3d, or a date such as 2026-11-26', pointInTime)
    .option('--ended-since <time>', 'only those that have ended since', pointInTime)
    .addOption(
      new Option(
        '--waiting [for]',
        'only open runs that wait, for this or for anything; nothing: those that do not wait',
      ).choices(ASKED_WAITING),
    )
    .option('--limit <n>', `how many, ${MAX_LIMIT} at most`, wholeNumber({ least: 1, most: MAX_LIMIT }), 20)
    .option('--page <page>', 'what comes after, as the end of the list before says')
    .addOption(
      new Option(
        '--stuck',
        'the runs that need somebody, and why: those that do not go on by themselves, fail again and again, or were set aside',
      ).conflicts([...FILTERS]),
    )
    .addOption(urlOption)
    .option('--json', 'print JSON, one run a line')
    .action(async (words: readonly string[], { stuck, ...options }: Options) => {
      const filter = [...FILTERS, 'stuck' as const].find((name) => ({ stuck, ...options })[name] !== undefined);
      if (words.length > 0 && filter !== undefined)
        throw new UserError(`Either name a run, or list runs with --${optionOf(filter)}`);
      const api = await connectApi(options);
      if (words.length > 0) return show(api, nameOfRun(words), options);
      await (stuck ? listStuck(api, options) : list(api, options));
    });

async function list(api: Api, { url: _, json, limit, page, waiting, ...filter }: Options): Promise<void> {
  const query = { ...filter, limit, ...(waiting && { waiting: waiting === true ? 'anything' : waiting }) } as const;
  const { runs, notBegun = [], moreNotBegun, next } = await api.runs({ ...query, ...(page !== undefined && { page }) });
  const found = [...notBegun.map(asListed), ...runs];
  if (json) for (const run of found) print(jsonText(run));
  else for (const line of runLines(found)) print(line);
  if (!json && found.length === 0) print(page === undefined ? nothing(query) : 'There are no more');
  // Not among the runs: each line of what is piped is one.
  if (moreNotBegun)
    process.stderr.write('More wait to begin: a higher --limit lists them, and hookyard lanes counts them\n');
  if (next !== undefined)
    process.stderr.write(`There are more: give the same options with --page ${harmless(next)}, or a higher --limit\n`);
}

/** It waits for its lane before anything else, and Temporal has no id of it yet. */
function asListed({ since, ...run }: WaitingRun): Omit<ListedRun, 'runId'> & { readonly runId: null } {
  return { ...run, runId: null, status: 'waiting', waitsFor: 'lane', startedAt: since };
}

const WAITS: Readonly<Record<NonNullable<RunsQuery['waiting']>, string>> = {
  approval: ' that waits for an approval',
  lane: ' that waits for its turn in a lane',
  event: ' that waits for an event',
  anything: ' that waits',
  nothing: ' that is open and waits for nothing',
};

function nothing({ limit: _, since, endedSince, pullRequest, waiting, ...query }: RunsQuery): string {
  const named = [
    ...Object.entries(query).map(([name, value]) => `${name} ${harmless(String(value))}`),
    ...(pullRequest === undefined ? [] : [`pull request ${pullRequest}`]),
  ];
  const at = (time: number) => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const all = [
    named.length === 0 ? '' : ` with ${named.join(', ')}`,
    waiting === undefined ? '' : WAITS[waiting],
    since === undefined ? '' : `, begun since ${at(since)}`,
    endedSince === undefined ? '' : `, ended since ${at(endedSince)}`,
  ].join('');
  return all === '' ? `There is no run yet. Try: ${calledHere()} demo` : `There is no run${all}`;
}

/** Returns how an option is written. */
function optionOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Prints all that is known of one run. Throws {@link UserError} if there is none. */
async function show(api: Api, name: string, { json }: Options): Promise<void> {
  const { run } = await api.namedRun(name, 'runs');
  const state = await api.run(run, { all: true });
  if (state === undefined) return noRun(name);
  if (json) return print(jsonText({ run, ...state }));
  const { status, outcome } = state;
  print(field('Run', harmless(run), 'bold'));
  print(field('State', `${status}${outcome && outcome !== status ? `: ${harmless(outcome)}` : ''}`));
  if (state.standing !== undefined) print(`  ${harmless(state.standing)}`);
  for (const line of stateLines(run, state)) print(`  ${line}`);
}

async function listStuck(api: Api, { json }: Options): Promise<void> {
  const { runs: stuck, complete } = await api.stuckRuns();
  if (json) for (const run of stuck) print(jsonText(run));
  else for (const line of stuck.flatMap(stuckLines)) print(line);
  if (!json && stuck.length === 0) print('No run is stuck');
  if (!complete)
    process.stderr.write('Not all runs were looked at yet: there are many, and the receiver goes through them\n');
  if (stuck.length > 0) process.exitCode = 1;
}
