import { Command, Option } from 'commander';
import type { DeliveriesAnswer } from '../../server/api/contract.js';
import { DELIVERY_STATES, type DeliveryState } from '../../server/api/search-deliveries.js';
import { configuredSource } from '../client/configured-source.js';
import { connectApi } from '../client/find-server.js';
import { calledHere } from '../format/called-here.js';
import { jsonText } from '../format/control-characters.js';
import { counted } from '../format/counted.js';
import { harmless, paint, print } from '../format/paint.js';
import { subjectOf } from '../format/subject.js';
import { pointInTime, type ServerOptions, urlOption, wholeNumber } from './options.js';

/** Sources of deliveries that Hookyard makes itself. */
const OWN_SOURCES = ['manual', 'schedule'];
/** As many as the server gives at once. */
const MAX_LIMIT = 500;

type Delivery = DeliveriesAnswer['deliveries'][number];

interface Options extends ServerOptions {
  readonly limit: number;
  readonly source?: string;
  readonly failed?: boolean;
  readonly repository?: string;
  readonly event?: string;
  readonly automation?: string;
  readonly state?: DeliveryState;
  readonly text?: string;
  /** Unix ms. */
  readonly since?: number;
  /** Unix ms. */
  readonly until?: number;
}

/** `hookyard deliveries`: lists what came in, newest first. */
export const deliveries = () =>
  new Command('deliveries')
    .description('list what came in, newest first')
    .option('--limit <n>', `how many, ${MAX_LIMIT} at most`, wholeNumber({ least: 1, most: MAX_LIMIT }), 20)
    .option('--source <name>', 'only of this source')
    .option('--failed', 'only those with a run that could not be started')
    .option('--repository <owner/name>', 'only of this repository')
    .option('--event <name>', "only of this event, in Hookyard's word or the provider's")
    .option('--automation <name>', 'only those that this automation did not filter')
    .addOption(new Option('--state <state>', 'only those of which this became').choices(DELIVERY_STATES))
    .option('--text <text>', 'only those in whose words, key or id this text is')
    .option('--since <time>', 'only what came since: 30m, 2h, 3d, or a date such as 2026-11-26', pointInTime)
    .option('--until <time>', 'only what came before', pointInTime)
    .addOption(urlOption)
    .option('--json', 'print JSON, one delivery a line')
    .action(async ({ limit, source, failed, url, json, ...search }: Options) => {
      const options = { ...(url !== undefined && { url }), ...(json && { json }) };
      const api = await connectApi(options);
      if (source !== undefined && api.project && !OWN_SOURCES.includes(source))
        configuredSource(api.project.settings, source);
      const { deliveries: list, searched } = await api.deliveries({ limit, source, failed, ...search });
      if (options.json) for (const delivery of list) print(jsonText(delivery));
      else if (list.length === 0) print(Object.keys(search).length > 0 ? 'None is like that' : nothing(source, failed));
      else for (const line of linesOf(list)) print(line);
      if (searched === 'in part')
        process.stderr.write('Only the newest deliveries were searched; the page goes on: /deliveries\n');
    });

function nothing(source: string | undefined, failed: boolean | undefined): string {
  if (failed) return 'None has failed';
  return source === undefined ? `Nothing has come in. Try: ${calledHere()} demo` : `Nothing has come in from ${source}`;
}

/** In characters: what is longer moves what stands behind it. */
const WIDEST = 48;

function linesOf(list: readonly Delivery[]): string[] {
  const rows = list.map((delivery) => ({
    at: new Date(delivery.receivedAt).toISOString().slice(0, 19).replace('T', ' '),
    what: harmless(`${delivery.source} ${delivery.eventName}`),
    where: harmless(subjectOf(delivery.events)),
    delivery,
  }));
  const width = (column: 'what' | 'where') =>
    Math.max(...rows.map((row) => row[column].length).filter((length) => length <= WIDEST), 0);
  const [what, where] = [width('what'), width('where')];
  return rows.map((row) => {
    const columns = [row.delivery.id, row.what.padEnd(what), row.where.padEnd(where)];
    return `${paint('gray', row.at)}  ${columns.join('  ')}  ${harmless(outcome(row.delivery))}`;
  });
}

function outcome({ ignored, verdicts, dispatches, given = [] }: Delivery): string {
  const became = [
    ...dispatches.map(({ automation, state, error, because }) => {
      const why = (state === 'failed' && error) || (state === 'refused' && because);
      return `${automation} ${WORDS[state]}${why ? `: ${why.slice(0, MAX_ERROR)}` : ''}`;
    }),
    ...given.map(({ workflowId, ends }) => `handed to ${workflowId}, which ${ends ? 'ends by it' : 'waited for it'}`),
  ];
  if (became.length > 0) return became.join(', ');
  return ignored ? `ignored: ${ignored}` : `started nothing (${counted(verdicts.length, 'automation')} filtered)`;
}

/** In characters; `hookyard explain` prints all of it. */
const MAX_ERROR = 200;

const WORDS = {
  done: 'started',
  pending: 'waits to be started',
  failed: 'could not be started',
  waiting: 'waits in its lane',
  superseded: 'was superseded before it began',
  refused: 'was refused by its lane',
} as const;
