import { Command, Option } from 'commander';
import type { ForgetCounts } from '../../server/api/contract.js';
import { stopIfUnread } from '../broken-pipe.js';
import type { Api, ForgetQuery } from '../client/api.js';
import { saysYes } from '../client/ask-yes.js';
import { connectApi } from '../client/find-server.js';
import { jsonText } from '../format/control-characters.js';
import { counted } from '../format/counted.js';
import { complain, harmless, paint, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { type ServerOptions, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly repository?: string;
  readonly source?: string;
  readonly delivery?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** How often what was forgotten is told while it goes on. */
const TELL_MS = 2_000;

/** `hookyard forget`: removes what is kept of a repository, a source or a delivery. */
export const forget = () =>
  new Command('forget')
    .description('remove what is kept of a repository, a source or a delivery, for good')
    .option('--repository <owner/name>', 'all that is about this repository, in whatever case its name is written')
    .option('--source <name>', 'all that came from this source; with --repository or --delivery, only of this source')
    .addOption(new Option('--delivery <delivery>', 'one delivery, with its runs').conflicts('repository'))
    .option('--dry-run', 'remove nothing, and count what would be')
    .option('--yes', 'do not ask')
    .addOption(urlOption)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Removed are deliveries with headers, bodies and events; the output of their runs' jobs, outbound attempts and synced records
that these runs have written; records whose key or content names the repository; lanes that nobody is in; the runs that have
ended, in Temporal; and git mirrors, which each worker removes within ten minutes, once no job uses them. Hashes of deliveries'
keys and bodies stay until inbox.keepDays is over, so that what is sent again starts nothing. Deliveries with a run that has not
ended are left, and so are lanes that somebody holds up, statuses, comments and messages at others, traces, log
files and backups.`,
    )
    .action(async ({ repository, source, delivery, ...options }: Options) => {
      if (repository === undefined && source === undefined && delivery === undefined)
        throw new UserError(
          'Say what is to be forgotten: --repository <owner/name>, --source <name> or --delivery <id>',
        );
      const api = await connectApi(options);
      const what = { repository, source, delivery };
      if (!options.dryRun && !options.yes) await confirm(api, what);
      const counts = await all(api, { ...what, dryRun: options.dryRun === true }, { quiet: options.json === true });
      if (options.json) print(jsonText({ ...counts, dryRun: options.dryRun === true }));
      else for (const line of linesOf(counts, options.dryRun === true)) print(line);
      if (Object.values(counts).every((count) => count === 0)) complain(nothingKept(what));
      if (counts.waiting > 0 || (counts.open > 0 && !options.dryRun)) process.exitCode = 1;
    });

/** A name may have been mistyped, other than in its case. */
function nothingKept({ repository, source }: ForgetQuery): string {
  const named = source === undefined ? undefined : `a source "${source}"`;
  const what =
    repository === undefined
      ? (named ?? 'it')
      : `a repository "${repository}"${named === undefined ? '' : ` of ${named}`}, in whatever case that is written`;
  return `Nothing is kept of ${what}: npx hookyard deliveries lists what is`;
}

/** Shows what would be removed, and asks. Throws {@link UserError} where nobody can be asked, or says no. */
async function confirm(api: Api, what: ForgetQuery): Promise<void> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    throw new UserError('Nothing was removed: give --yes to remove it without being asked, or --dry-run to count it');
  for (const line of linesOf(await all(api, { ...what, dryRun: true }, { quiet: true }), true)) print(line);
  if (!(await saysYes('It can not be had back. Type yes to remove it: '))) throw new UserError('Nothing was removed');
}

/** Asks for slice after slice, and returns what all of them came to. */
async function all(
  api: Pick<Api, 'forget'>,
  query: ForgetQuery & { readonly dryRun: boolean },
  { quiet }: { quiet: boolean },
): Promise<ForgetCounts> {
  let { counts, delivery, next } = await api.forget(query);
  let toldAt = Date.now();
  while (next !== undefined) {
    stopIfUnread();
    if (!quiet && Date.now() - toldAt > TELL_MS) {
      print(
        paint(
          'gray',
          `… ${[deliveriesOf(counts.deliveries), counted(counts.runs, 'run'), counted(counts.records, 'record')].join(', ')}`,
        ),
      );
      toldAt = Date.now();
    }
    // Its key, by which it may have been named, is gone by now.
    const answer = await api.forget({ ...query, ...(delivery !== undefined && { delivery }), from: next });
    const sum = Object.entries(counts).map(([name, count]) => [
      name,
      count + answer.counts[name as keyof ForgetCounts],
    ]);
    counts = Object.fromEntries(sum) as ForgetCounts;
    delivery = answer.delivery ?? delivery;
    next = answer.next;
  }
  return counts;
}

function linesOf(counts: ForgetCounts, isDry: boolean): string[] {
  const { deliveries, bodyBytes, lines, attempts, records, runs, waiting, open } = counts;
  const removed = [
    `${deliveriesOf(deliveries)} with ${counted(bodyBytes, 'byte')}`,
    counted(lines, 'line of output', 'lines of output'),
    counted(attempts, 'outbound attempt'),
    counted(records, 'record'),
    `${counted(runs, 'run')} in Temporal`,
  ];
  return [
    `${paint('bold', isDry ? 'Would be removed' : 'Removed')}: ${removed.join(', ')}`,
    ...(waiting > 0
      ? [
          paint(
            'yellow',
            harmless(`Left, because their runs have not ended: ${deliveriesOf(waiting)}. Ask again once they have`),
          ),
        ]
      : []),
    ...(open > 0 ? [paint('yellow', `Left in Temporal, because they have not ended: ${counted(open, 'run')}`)] : []),
  ];
}

function deliveriesOf(number: number): string {
  return counted(number, 'delivery', 'deliveries');
}
