import { Command, Option } from 'commander';
import { stopIfUnread } from '../broken-pipe.js';
import type { Api, CancelQuery } from '../client/api.js';
import { saysYes } from '../client/ask-yes.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { harmless, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { jsonOption, type ServerOptions, urlOption } from './options.js';
import { nameOfRun, RUN_NAMES } from './run-argument.js';
import { whoIsHere } from './who-is-here.js';

interface Options extends ServerOptions {
  readonly repository?: string;
  readonly branch?: string;
  readonly automation?: string;
  readonly yes?: boolean;
}

/** Runs that are shown before somebody is asked. */
const SHOWN = 10;

/** `hookyard cancel`: cancels one run, or all that are open of a branch or an automation. Exit code 1 if there was none. */
export const cancel = () =>
  new Command('cancel')
    .description('cancel a run, or the open runs of a branch or an automation; their statuses say who did it')
    .argument('[run...]', RUN_NAMES)
    .option('--branch <name>', 'the open runs of this branch; of a pull request, the branch that it comes from')
    .option('--automation <name>', 'the open runs of this automation; with --branch, only those of both')
    .option('--repository <owner/name>', 'with --branch or --automation: only of this repository')
    .addOption(new Option('--yes', 'do not ask'))
    .addOption(urlOption)
    .addOption(jsonOption)
    .action(async (words: readonly string[], { repository, branch, automation, ...options }: Options) => {
      const isMany = branch !== undefined || automation !== undefined;
      if (words.length > 0 === isMany || (repository !== undefined && !isMany))
        throw new UserError('Say what is to be cancelled: either a run, or --branch <name>, or --automation <name>');
      const api = await connectApi(options);
      const by = whoIsHere();
      const what: CancelQuery = isMany ? { by, repository, branch, automation } : { by, run: nameOfRun(words) };
      if (isMany && !options.yes && !(await confirm(api, what))) return tell([], options);
      await cancelAll(api, what, options);
    });

/** Says how many runs would be cancelled, and asks. False if there is none. Throws {@link UserError} where nobody can be asked, or says no. */
async function confirm(api: Api, what: CancelQuery): Promise<boolean> {
  const { runs: found } = await all(api, { ...what, dryRun: true }, { runs: new Set(), failed: new Set() });
  const runs = [...found];
  if (runs.length === 0) return false;
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    throw new UserError(`Nothing was cancelled: give --yes to cancel ${count} without being asked`);
  for (const run of runs.slice(0, SHOWN)) print(`  ${harmless(run)}`);
  if (runs.length > SHOWN) print(`  and ${runs.length - SHOWN} more`);
  if (!(await saysYes(`Type yes to cancel ${count}: `))) throw new UserError('Nothing was cancelled');
  return true;
}

/** What was found so far: a run that takes a while to end may be on two pages. */
interface Found {
  readonly runs: Set<string>;
  readonly failed: Set<string>;
  because?: string;
}

/** Asks for page after page, and adds what each answer says to `found`. */
async function all(api: Pick<Api, 'cancel'>, what: CancelQuery, found: Found): Promise<Found> {
  let page: string | undefined;
  do {
    stopIfUnread();
    const { runs, failed = [], because, next } = await api.cancel({ ...what, ...(page !== undefined && { page }) });
    for (const run of runs) found.runs.add(run);
    for (const run of failed) found.failed.add(run);
    if (because !== undefined) found.because = because;
    page = next;
  } while (page !== undefined);
  return found;
}

/** Cancels what is meant, and tells what was cancelled also where the rest could not be. */
async function cancelAll(api: Api, what: CancelQuery, options: Options): Promise<void> {
  const found: Found = { runs: new Set(), failed: new Set() };
  try {
    await all(api, what, found);
  } catch (error) {
    if (found.runs.size > 0) tell([...found.runs], options);
    throw error;
  }
  tell([...found.runs], options);
  if (found.because === undefined) return;
  const which = found.failed.size > 0 ? [...found.failed].join(', ') : 'what else there is';
  process.stderr.write(harmless(`Not cancelled: ${which}, because ${found.because}. Ask again later\n`));
  process.exitCode = 1;
}

function tell(runs: readonly string[], { json }: Options): void {
  if (json) print(jsonText({ cancelled: runs }));
  else if (runs.length === 0) print('No such run is open: nothing was cancelled');
  else for (const run of runs) print(field('cancelled', harmless(run)));
  if (runs.length === 0) process.exitCode = 1;
}
