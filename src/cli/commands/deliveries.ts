import { Command } from 'commander';
import { connectApi } from '../client/api.js';
import { knownSource } from '../client/known-source.js';
import { harmless, paint, print } from '../format/paint.js';

/** Hookyard's own: no configured source may be called so. */
const FROM_INSIDE = ['manual', 'schedule'];

interface Listed {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly eventName: string;
  readonly receivedAt: number;
  readonly ignored?: string;
  readonly verdicts: readonly { readonly automation: string; readonly outcome: string }[];
  readonly dispatches: readonly { readonly automation: string; readonly state: string; readonly error?: string }[];
}

/** `hookyard deliveries`: what came in, newest first. */
export const deliveries = () =>
  new Command('deliveries')
    .description('list what came in, newest first')
    .option('--limit <n>', 'how many', '20')
    .option('--source <name>', 'only of this source')
    .option('--failed', 'only those with a run that could not be started')
    .option('--url <url>', 'server to ask; default: the one that runs here')
    .option('--json', 'print JSON, one delivery a line')
    .action(async (options: { limit: string; source?: string; failed?: boolean; url?: string; json?: boolean }) => {
      const api = await connectApi(options);
      if (options.source !== undefined && !FROM_INSIDE.includes(options.source))
        knownSource(api.config, options.source);
      const query = { limit: options.limit, source: options.source, failed: options.failed };
      const answer = await api.get<{ deliveries: Listed[] }>('deliveries', query);
      const list = answer?.deliveries ?? [];
      if (options.json) for (const delivery of list) print(JSON.stringify(delivery));
      else if (list.length === 0) print(nothing(options));
      else for (const delivery of list) print(inOneLine(delivery));
    });

function nothing({ failed, source }: { failed?: boolean; source?: string }): string {
  if (failed) return 'None has failed';
  return source === undefined ? 'Nothing has come in. Try: npx hookyard demo' : `Nothing has come in from ${source}`;
}

function inOneLine(delivery: Listed): string {
  const at = new Date(delivery.receivedAt).toISOString().slice(0, 19).replace('T', ' ');
  const what = `${delivery.source} ${delivery.eventName}`;
  return `${paint('gray', at)}  ${delivery.id}  ${harmless(what).padEnd(24)}  ${harmless(outcome(delivery))}`;
}

function outcome({ ignored, verdicts, dispatches }: Listed): string {
  if (dispatches.length > 0)
    return dispatches
      .map(({ automation, state, error }) => {
        const because = state === 'failed' && error ? `: ${error.slice(0, MAX_ERROR)}` : '';
        return `${automation} ${WORDS[state] ?? state}${because}`;
      })
      .join(', ');
  return ignored ? `ignored: ${ignored}` : `started nothing (${verdicts.length} automations filtered)`;
}

/** In characters; `hookyard explain` prints all of it. */
const MAX_ERROR = 200;

const WORDS: Readonly<Record<string, string>> = {
  done: 'started',
  pending: 'waits to be started',
  failed: 'could not be started',
};
