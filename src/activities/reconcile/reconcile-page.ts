import { truncate } from '../../events/truncate.js';
import type { HookLog } from '../../providers/api.js';
import type { Activities } from '../contract/index.js';
import { providerCall } from '../provider-call.js';
import { beginLook, endLook } from './begin-pass.js';
import { type Place, readPlace, written } from './cursor.js';
import type { ReconcileDeps } from './deps.js';
import { hookLogsOf } from './hook-logs.js';
import { missingOf } from './missing.js';
import { whileBeating } from './rate-limit.js';
import { bringBack } from './redeliver.js';
import { judgeMissing, noteAsked, readOpen, writeOpen } from './redelivery-requests.js';
import { settingsOf } from './settings.js';

const HOUR_MS = 3_600_000;
/** That many repeats under new ids on one hook are not its usual business. */
const MAX_ANSWERED = 100;
/** Of a target, in one look: two million of GitHub's attempts. What lies before is not looked at, and that is told. */
const MAX_PAGES = 20_000;
/** What is told of one page. */
const MAX_TROUBLES = 10;

/**
 * Looks at one page of what a provider says that it has delivered, and has what is missing sent again: by the provider
 * itself, so that it is signed, verified and stored as ever. The same page again asks for nothing that has come by then.
 * What does not come is asked for again by later looks, for as many days as the provider keeps deliveries; what the
 * provider refuses to send is logged, and asked for again only while its last attempt is as young as what is looked at.
 */
export function createReconcilePage(deps: ReconcileDeps): Activities['reconcilePage'] {
  return (input) =>
    whileBeating(() =>
      providerCall(async () => {
        const { source, cursor } = input;
        const { callsPerMinute } = settingsOf(deps.config, source).settings;
        const turn = () => deps.pace.turn(source, callsPerMinute);
        const logs = await hookLogsOf(deps, input);
        if (cursor === undefined) await turn();
        const begun = cursor === undefined && (await beginLook(deps, input, logs.list));
        const place = begun ? begun.place : readPlace(cursor ?? '');
        const first = begun && { hooks: place.hooks.length };
        const [hook, ...others] = place.hooks;
        if (hook === undefined) {
          await endLook(deps, input, place);
          return { ...first, ...NOTHING };
        }

        const log = logs.log(hook);
        await turn();
        const page = await log.page(place.at);
        const since = sinceOf(place, log);
        const attempts = page.attempts.filter(({ at }) => Date.parse(at) >= since);
        const keys = [...new Set(attempts.flatMap(({ key }) => (key === undefined ? [] : [key])))];
        const known = await deps.store.inbox.has(source, keys);
        const { missing, answered } = missingOf(attempts, { known, answered: place.answered });

        const look = { began: place.began, asked: place.asked, days: log.days };
        const open = await readOpen(deps.store, input);
        const { fresh, due, givenUp, beyond } = judgeMissing(missing, open, look);
        const brought = await bringBack(deps, due, { source, hook, log, callsPerMinute });
        const isNoted = noteAsked(open, { ...look, fresh, done: brought.keys, answered });
        if (isNoted) await writeOpen(deps.store, input, open);
        // What an earlier attempt of this activity asked for may have come since.
        const all = new Set([...fresh.map(({ key }) => key), ...brought.keys]);

        const isOlderThere = attempts.length === page.attempts.length;
        const pages = place.pages + 1;
        const left = place.left || beyond > 0;
        const next: Place =
          page.next !== undefined && isOlderThere
            ? { ...place, pages, left, at: page.next, answered: together(place.answered, answered) }
            : { ...place, pages, left, at: undefined, hooks: others, answered: [] };
        const goesOn = next.hooks.length > 0 && pages < MAX_PAGES;
        if (!goesOn) await endLook(deps, input, next);
        const troubles = [
          ...(begun ? begun.warnings : []),
          ...(goesOn || next.hooks.length === 0
            ? []
            : [`${MAX_PAGES} pages are enough for one look: what lies before is not looked at`]),
          ...(page.cut && isOlderThere ? [`hook ${hook}: of so many failures, the older ones are not looked at`] : []),
          ...(givenUp.length > 0 ? [`given up after ${log.days} days: ${inShort(givenUp.map(({ key }) => key))}`] : []),
          ...(beyond > 0 ? ['too many are missing: the rest is asked for when some of them have come'] : []),
        ];
        const { redelivered, taken, refused } = brought;
        return {
          ...first,
          ...{ seen: keys.length, missing: all.size, redelivered, taken, refused },
          ...(goesOn && { next: written(next) }),
          ...(troubles.length > 0 && { troubles: troubles.slice(0, MAX_TROUBLES) }),
        };
      }),
    );
}

const NOTHING = { seen: 0, missing: 0, redelivered: 0, taken: 0, refused: 0 };

/** Where the last look ended, attempts may have been under way, and a redelivery may have failed as well. Unix ms. */
function sinceOf({ asked, since, began }: Place, { triesHours = 1, days }: HookLog): number {
  return Math.max(asked ? since : since - triesHours * HOUR_MS, began - days * 24 * HOUR_MS);
}

function together(some: readonly string[], others: readonly string[]): string[] {
  return [...new Set([...some, ...others])].slice(0, MAX_ANSWERED);
}

/** Names the first of them. */
function inShort([first = '', ...others]: readonly string[]): string {
  const named = truncate(first, 100);
  return others.length === 0 ? named : `${named} and ${others.length} more`;
}
