import type { HookLogs } from '../../providers/provider.js';
import type { Activities, ReconcilePageInput } from '../contract.js';
import { notConfigured } from '../remote/failure.js';
import { providerCall } from '../remote/provider-call.js';
import { bringBack } from './bring-back.js';
import type { ReconcileDeps } from './deps.js';
import { missingOf } from './missing.js';
import { ownHooks } from './own-hooks.js';
import { whileBeating } from './pace.js';
import { type Place, readPlace, written } from './place.js';
import { settingsOf } from './settings.js';
import { lookedUntil, noteLooked } from './watermark.js';

const DAY_MS = 86_400_000;
/** That many repeats under new ids on one hook are not its usual business. */
const MOST_ANSWERED = 100;

/**
 * Looks at one page of what a provider says that it has delivered, and has what is missing sent again: by the provider
 * itself, so that it is signed, verified and stored as ever. The same page again asks for nothing that has come by then.
 */
export function createReconcilePage(deps: ReconcileDeps): Activities['reconcilePage'] {
  return (input) =>
    whileBeating(() =>
      providerCall(async () => {
        const { source } = input;
        const { callsPerMinute } = settingsOf(deps.config, source).settings;
        const turn = () => deps.pace.turn(source, callsPerMinute);
        const logs = hookLogsOf(deps, input);
        const place = input.cursor === undefined ? await begin(deps, input, { logs, turn }) : readPlace(input.cursor);
        const isFirst = input.cursor === undefined && { hooks: place.hooks.length };
        const [hook, ...others] = place.hooks;
        if (hook === undefined) return { ...isFirst, ...NOTHING, ...(await end(deps, input, place)) };

        const log = logs.log(hook);
        await turn();
        const page = await log.page(place.at);
        const since = Math.max(place.since, place.began - log.days * DAY_MS);
        const attempts = page.attempts.filter(({ at }) => Date.parse(at) >= since);
        const keys = [...new Set(attempts.flatMap(({ key }) => (key === undefined ? [] : [key])))];
        const known = await deps.store.inbox.has(source, keys);
        const { missing, answered } = missingOf(attempts, { known, answered: place.answered });
        const brought = await bringBack(deps, missing, { source, hook, log, callsPerMinute });
        // What an earlier attempt of this activity asked for may have come since.
        const all = new Set([...missing.map(({ key }) => key), ...brought.keys]);

        const goesOn = page.next !== undefined && attempts.length === page.attempts.length;
        const { at: _, ...rest } = place;
        const next: Place = goesOn
          ? {
              ...place,
              at: page.next,
              answered: [...new Set([...place.answered, ...answered])].slice(0, MOST_ANSWERED),
            }
          : { ...rest, hooks: others, answered: [] };
        const { redelivered, taken, refused } = brought;
        return {
          ...isFirst,
          ...{ seen: keys.length, missing: all.size, redelivered, taken, refused },
          ...(next.hooks.length > 0 ? { next: written(next) } : await end(deps, input, next)),
        };
      }),
    );
}

const NOTHING = { seen: 0, missing: 0, redelivered: 0, taken: 0, refused: 0 };

function hookLogsOf({ providers }: ReconcileDeps, { source, target }: ReconcilePageInput): HookLogs {
  const api = providers.source(source);
  const missing = notConfigured(`source ${source} has no API credentials, or its provider keeps no list of deliveries`);
  if (!api) throw missing;
  if (target.kind === 'repository') {
    const hooks = api.repository(target.name).hooks;
    if (!hooks?.log) throw missing;
    return { list: hooks.list, log: hooks.log };
  }
  const logs = target.kind === 'organisation' ? api.organisation?.(target.name) : api.hooks;
  if (!logs) throw missing;
  return logs;
}

async function begin(
  { config, store }: ReconcileDeps,
  { source, target, since }: ReconcilePageInput,
  { logs, turn }: { logs: HookLogs; turn: () => Promise<void> },
): Promise<Place> {
  const began = Date.now();
  await turn();
  const hooks = ownHooks(await logs.list(), { config, source });
  return {
    hooks,
    since: since === undefined ? await lookedUntil(store.records, { source, target }, began) : Date.parse(since),
    began,
    asked: since !== undefined,
    answered: [],
  };
}

/** Where a look began that somebody asked for says nothing of what lies before it. */
async function end(
  { store }: ReconcileDeps,
  { source, target }: ReconcilePageInput,
  { asked, began }: Place,
): Promise<object> {
  if (!asked) await noteLooked(store.records, { source, target, until: began });
  return {};
}
