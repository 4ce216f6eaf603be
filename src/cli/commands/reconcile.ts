import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { type Api, connectApi } from '../client/api.js';
import { harmless, paint, print } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** `POST /api/reconcile` */
interface Started {
  readonly runs: readonly { readonly source: string; readonly run: string; readonly underWay?: true }[];
}

interface State {
  readonly status: string;
  readonly error?: string;
  readonly url?: string;
  readonly result?: Result;
}

interface Result {
  readonly seen: number;
  readonly missing: number;
  readonly redelivered: number;
  readonly taken: number;
  readonly refused: number;
  readonly because?: string;
  readonly troubles: readonly string[];
}

const OPEN = ['waiting', 'running', 'unknown'];
const POLL_MS = 500;
const DEADLINE_MS = 30 * 60_000;

/** `hookyard reconcile`: looks for what was missed while nobody answered. */
export const reconcile = () =>
  new Command('reconcile')
    .description('look for deliveries that never arrived, and bring them in')
    .requiredOption(
      '--since <time>',
      'how far back: 30m, 2h, 3d; a provider keeps three days or seven, and some no list',
    )
    .option('--source <name>', 'only of this source; default: every one that has API credentials')
    .option('--url <url>', 'server to ask; default: the one that runs here')
    .option('--json', 'print JSON, one source a line')
    .action(async (options: { since: string; source?: string; url?: string; json?: boolean }) => {
      const api = await connectApi(options);
      const { since, source } = options;
      const until = Date.now() + DEADLINE_MS;
      const waiting = () => {
        if (!options.json) print(paint('gray', 'one that was asked for before is under way; this one begins after it'));
      };
      for (const { source: name, run, underWay } of await start(api, since, source)) {
        const state = await (underWay ? afterThat(api, { name, run, since, until, waiting }) : ended(api, run, until));
        if (options.json) print(JSON.stringify({ source: name, run, ...state }));
        else tell(name, state);
        const isWhole =
          state.status === 'completed' && state.result?.troubles.length === 0 && state.result.refused === 0;
        if (!isWhole) process.exitCode = 1;
      }
    });

async function start(api: Api, since: string, source: string | undefined): Promise<Started['runs']> {
  const started = await api.post<Started>('reconcile', {}, { since, ...(source !== undefined && { source }) });
  if (!started) throw new UserError(`There is no source "${source}"`);
  return started.runs;
}

interface Waiting {
  readonly name: string;
  readonly run: string;
  readonly since: string;
  /** Unix ms. */
  readonly until: number;
  /** Called once for each look that is waited for. */
  readonly waiting: () => void;
}

/** The look that is under way may go back less far than this one shall, so it is waited for and not taken for it. */
async function afterThat(api: Api, { name, run, since, until, waiting }: Waiting): Promise<State> {
  waiting();
  await ended(api, run, until);
  const [next] = await start(api, since, name);
  return next?.underWay ? afterThat(api, { name, run, since, until, waiting }) : ended(api, run, until);
}

async function ended(api: Api, run: string, until: number): Promise<State> {
  while (Date.now() < until) {
    const state = await api.get<State>('runs', { id: run });
    if (state && !OPEN.includes(state.status)) return state;
    await wait(POLL_MS);
  }
  throw new UserError(`It has not ended within ${DEADLINE_MS / 60_000} minutes and goes on: ${run}`);
}

function tell(source: string, { status, result, error, url }: State): void {
  if (!result) {
    print(`${harmless(source)}: ${status}${error ? `: ${harmless(error)}` : ''}${url ? `  ${url}` : ''}`);
    return;
  }
  const { seen, missing, redelivered, taken, refused, because, troubles } = result;
  const counts = `${seen} seen, ${missing} missing, ${redelivered} sent again, ${taken} taken in, ${refused} refused`;
  print(`${paint('bold', harmless(source))}: ${because ? harmless(because) : counts}`);
  for (const trouble of troubles) print(`  ${paint('red', harmless(trouble))}`);
}
