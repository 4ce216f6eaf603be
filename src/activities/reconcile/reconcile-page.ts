import { truncate } from '../../events/truncate.js';
import type { HookLog } from '../../providers/hooks-api.js';
import type { Activities } from '../contract/index.js';
import { withHeartbeat } from '../heartbeat.js';
import { providerCall } from '../provider-call.js';
import { beginPass, endPass } from './begin-pass.js';
import { type Cursor, formatCursor, parseCursor } from './cursor.js';
import type { ReconcileDeps } from './deps.js';
import { findMissing } from './find-missing.js';
import { hookLogsOf } from './hook-logs.js';
import { redeliver } from './redeliver.js';
import { noteRequested, planRequests, readRequests, writeRequests } from './redelivery-requests.js';
import { settingsOf } from './settings.js';

const HOUR_MS = 3_600_000;
/** Keys that are remembered within a pass: more repeats under new ids on one hook are unusual. */
const MAX_ANSWERED = 100;
/** Of a target, in one pass: two million of GitHub's attempts. A warning reports that older ones are not read. */
const MAX_PAGES = 20_000;
/** Of one page. */
const MAX_WARNINGS = 10;

/**
 * Reads one page of a provider's list of deliveries, and has the missing ones sent again: by the provider itself, so
 * that they are signed, verified and stored like any other. The same page again requests nothing that has come by then.
 * A later pass requests again what has not come, for as many days as the provider keeps deliveries; what the provider
 * refuses to send is logged, and requested again only while its last attempt lies within the time that a pass reads.
 */
export function createReconcilePage(deps: ReconcileDeps): Activities['reconcilePage'] {
  return (input) =>
    withHeartbeat(() =>
      providerCall(async () => {
        const { source } = input;
        const { callsPerMinute } = settingsOf(deps.config, source).settings;
        const acquire = () => deps.rateLimit.acquire(source, callsPerMinute);
        const logs = await hookLogsOf(deps, input);
        if (input.cursor === undefined) await acquire();
        const begin = input.cursor === undefined && (await beginPass(deps, input, logs.list));
        const cursor = begin ? begin.cursor : parseCursor(input.cursor ?? '');
        const first = begin && { hooks: cursor.hooks.length };
        const [hook, ...others] = cursor.hooks;
        if (hook === undefined) {
          await endPass(deps, input, cursor);
          return { ...first, ...NOTHING };
        }

        const log = logs.log(hook);
        await acquire();
        const page = await log.page(cursor.at);
        const since = sinceOf(cursor, log);
        const attempts = page.attempts.filter(({ at }) => Date.parse(at) >= since);
        const keys = [...new Set(attempts.flatMap(({ key }) => (key === undefined ? [] : [key])))];
        const known = await deps.store.inbox.has(source, keys);
        const { missing, answered } = findMissing(attempts, { known, answered: cursor.answered });

        const pass = { began: cursor.began, asked: cursor.asked, days: log.days };
        const requests = await readRequests(deps.store, input);
        const { fresh, due, givenUp, beyond } = planRequests(missing, requests, pass);
        const done = await redeliver(deps, due, { source, hook, log, callsPerMinute });
        const isChanged = noteRequested(requests, { ...pass, fresh, done: done.keys, answered });
        if (isChanged) await writeRequests(deps.store, input, requests);
        // What an earlier attempt of this activity requested may have come since.
        const all = new Set([...fresh.map(({ key }) => key), ...done.keys]);

        const reachesFurther = attempts.length === page.attempts.length;
        const pages = cursor.pages + 1;
        const left = cursor.left || beyond > 0;
        const next: Cursor =
          page.next !== undefined && reachesFurther
            ? { ...cursor, pages, left, at: page.next, answered: together(cursor.answered, answered) }
            : { ...cursor, pages, left, at: undefined, hooks: others, answered: [] };
        const goesOn = next.hooks.length > 0 && pages < MAX_PAGES;
        if (!goesOn) await endPass(deps, input, next);
        const warnings = [
          ...(begin ? begin.warnings : []),
          ...(goesOn || next.hooks.length === 0
            ? []
            : [`stopped after ${MAX_PAGES} pages: older deliveries were not checked`]),
          ...(page.cut && reachesFurther
            ? [`hook ${hook}: the provider lists no more failures: older ones were not checked`]
            : []),
          ...(givenUp.length > 0 ? [`given up after ${log.days} days: ${inShort(givenUp.map(({ key }) => key))}`] : []),
          ...(beyond > 0 ? ['too many deliveries are missing: the rest is requested when some of them have come'] : []),
        ];
        const { redelivered, taken, refused } = done;
        return {
          ...first,
          ...{ seen: keys.length, missing: all.size, redelivered, taken, refused },
          ...(goesOn && { next: formatCursor(next) }),
          ...(warnings.length > 0 && { troubles: warnings.slice(0, MAX_WARNINGS) }),
        };
      }),
    );
}

const NOTHING = { seen: 0, missing: 0, redelivered: 0, taken: 0, refused: 0 };

/**
 * Returns the time from which attempts are read, Unix ms. It lies before the end of the pass before: attempts may have
 * been under way then, and a redelivery may have failed as well.
 */
function sinceOf({ asked, since, began }: Cursor, { triesHours = 1, days }: HookLog): number {
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
