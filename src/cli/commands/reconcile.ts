import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import type { ReconcileCounts } from '../../activities/contract/index.js';
import type { ReconcileRun, RunState } from '../../server/api/contract.js';
import { LENGTH_OF_TIME } from '../../server/api/length-of-time.js';
import { stopIfUnread } from '../broken-pipe.js';
import type { Api } from '../client/api.js';
import { connectApi } from '../client/find-server.js';
import { hasEnded } from '../client/follow-run.js';
import { jsonText } from '../format/control-characters.js';
import { harmless, paint, print } from '../format/paint.js';
import { UserError } from '../user-error.js';
import { type ServerOptions, textLike, urlOption } from './options.js';

interface Options extends ServerOptions {
  readonly since: string;
  readonly source?: string;
}

/** What the run returns: the `result` of its state. */
interface Result extends ReconcileCounts {
  /** Why nothing was looked for. */
  readonly because?: string;
  readonly troubles: readonly string[];
}

const POLL_MS = 500;
const DEADLINE_MS = 30 * 60_000;

/** `hookyard reconcile`: looks for deliveries that were missed while no server answered. */
export const reconcile = () =>
  new Command('reconcile')
    .description('look for deliveries that never arrived, and bring them in')
    .requiredOption(
      '--since <time>',
      'how far back: 30m, 2h, 3d; a provider keeps three days or seven, and some no list',
      textLike(LENGTH_OF_TIME, 'a number from 1 to 9999, and s, m, h or d: 30m, 2h, 3d'),
    )
    .option('--source <name>', 'only of this source; default: every one that has API credentials')
    .addOption(urlOption)
    .option('--json', 'print JSON, one source a line')
    .action(async ({ since, source, ...options }: Options) => {
      const api = await connectApi(options);
      const until = Date.now() + DEADLINE_MS;
      const onWait = () => {
        if (!options.json)
          print(paint('gray', 'a run that was asked for before is under way; this one begins after it'));
      };
      const { runs } = await api.reconcile({ since, ...(source !== undefined && { source }) });
      for (const run of runs) {
        const state = await ended(api, run, { since, until, onWait });
        if (options.json) print(jsonText({ source: run.source, run: run.run, ...state }));
        else for (const line of linesOf(run.source, state)) print(line);
        if (!isWhole(state)) process.exitCode = 1;
      }
    });

interface Waiting {
  readonly since: string;
  /** Unix ms. */
  readonly until: number;
  /** Called for each run that is waited for because it was under way already. */
  readonly onWait: () => void;
}

/**
 * Waits until a run has ended. One that was under way before may go back less far than was asked for now, so another is
 * started after it, and waited for.
 */
async function ended(api: Api, { source, run, underWay }: ReconcileRun, waiting: Waiting): Promise<RunState> {
  if (!underWay) return poll(api, run, waiting.until);
  waiting.onWait();
  await poll(api, run, waiting.until);
  const { runs } = await api.reconcile({ since: waiting.since, source });
  const [next] = runs;
  return next ? ended(api, next, waiting) : poll(api, run, waiting.until);
}

async function poll(api: Api, run: string, until: number): Promise<RunState> {
  while (Date.now() < until) {
    const state = await api.run(run);
    if (state && hasEnded(state)) return state;
    await wait(POLL_MS);
    stopIfUnread();
  }
  throw new UserError(
    `The run ${run} has not ended within ${DEADLINE_MS / 60_000} minutes; it goes on. See its page in the Temporal UI`,
  );
}

function isWhole({ status, result }: RunState): boolean {
  const { troubles, refused } = (result ?? {}) as Partial<Result>;
  return status === 'completed' && troubles?.length === 0 && refused === 0;
}

function linesOf(source: string, { status, result, error, url }: RunState): string[] {
  if (!result) return [`${harmless(source)}: ${status}${error ? `: ${harmless(error)}` : ''}${url ? `  ${url}` : ''}`];
  const { seen, missing, redelivered, taken, refused, because, troubles } = result as Result;
  const counts = `${seen} seen, ${missing} missing, ${redelivered} sent again, ${taken} taken in, ${refused} refused`;
  return [
    `${paint('bold', harmless(source))}: ${because ? harmless(because) : counts}`,
    ...troubles.map((trouble) => `  ${paint('red', harmless(trouble))}`),
  ];
}
