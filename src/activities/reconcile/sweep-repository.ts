import { sweepAgainKey } from '../../events/synthesised-key.js';
import type { Activities } from '../contract/index.js';
import { notConfigured, refused } from '../failures.js';
import { providerCall } from '../provider-call.js';
import type { ReconcileDeps } from './deps.js';
import { note, whileBeating } from './rate-limit.js';
import { type SeenHeads, seenHeads } from './seen-heads.js';
import { settingsOf } from './settings.js';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js';
import { type Head, readState, type State } from './sweep-state.js';

/** How far before the last look a delivery may have come that told of what was seen then. */
const OVERLAP_MS = 3_600_000;
/** Of a repository that was never looked at. */
const FIRST_MS = 30 * 86_400_000;
/** More at once wait for the next look. */
const MAX_SUSPECTS = 100;

const TOO_MANY_DELIVERIES = 'more deliveries came since the last look than are read: a change may have been missed';
const TOO_MANY_HEADS = 'it has more branches or open pull requests than are read: the others are not looked at';

/**
 * Compares where a repository's branches and open pull requests stand with where they stood, and with what the inbox has
 * been told. A change that nobody told of is first only suspected, because its delivery may be on its way; asked again
 * with those suspects, what is still missing is put into the inbox as a delivery of our own making. What was deleted, and
 * tags, are not seen.
 *
 * A repository that was never looked at has nothing to be compared with but what the inbox knows: a branch that it does
 * not know may be older than the inbox is, and is taken as it stands. So it is where more deliveries came since the last
 * look than are read, and that is told as trouble.
 */
export function createSweepRepository(deps: ReconcileDeps): Activities['sweepRepository'] {
  return ({ source: name, repository, suspects }) =>
    whileBeating(() =>
      providerCall(async () => {
        const { source, settings } = settingsOf(deps.config, name);
        const { callsPerMinute } = settings;
        const api = (await deps.providers.repository(name, repository))?.state;
        if (!api) throw notConfigured(`source ${name} has no API credentials, or its provider tells no state`);
        const { records, inbox } = deps.store;
        const at = Date.now();
        const state = await readState(api, {
          source: name,
          provider: source.kind,
          turn: () => deps.pace.turn(name, callsPerMinute),
          charge: (calls) => deps.pace.charge(name, callsPerMinute, calls),
        });
        const kept = await readSnapshot(records, { source: name, repository });
        // Asked before the inbox is read: what another look makes from now on is seen there.
        const made = await inbox.has(name, suspects ?? []);
        const which = { source: name, repository: state.repository, since: sinceOf(kept), asked: at };
        const seen = await seenHeads(inbox, which);
        // Without all that came since then, what is different from it says nothing.
        const before = seen.complete ? kept : undefined;
        const untold = untoldOf(state, { seen, before });
        const counts = { seen: state.heads.length, missing: untold.length, redelivered: 0, taken: 0, refused: 0 };
        const keep = (open: readonly Untold[]) => {
          const heads = new Map(state.heads.map(({ id, sha }) => [id, sha]));
          for (const { head, stood } of open) stood === undefined ? heads.delete(head.id) : heads.set(head.id, stood);
          return writeSnapshot(records, { source: name, repository, at, heads, complete: state.complete });
        };
        if (suspects === undefined) {
          if (untold.length === 0) await keep([]);
          const trouble = troubleOf({ kept, seen, state });
          const keys = untold.slice(0, MAX_SUSPECTS).map(({ head }) => head.key);
          return { ...counts, suspects: keys, ...(trouble && { trouble }) };
        }
        const due = untold.filter(({ head }) => suspects.includes(head.key));
        const keyed = due.map((one) => ({ ...one, key: keyOf(one.head, { made, before: kept }) }));
        const taken = await takeAll(deps, keyed);
        await keep(untold.filter((one) => !due.includes(one)));
        return { ...counts, missing: due.length, taken, suspects: [] };
      }),
    );
}

/** A head that no delivery told of. */
interface Untold {
  readonly head: Head;
  /** Where it stood. Undefined for what is new. */
  readonly stood: string | undefined;
}

function untoldOf(state: State, { seen, before }: { seen: SeenHeads; before: Snapshot | undefined }): Untold[] {
  // What was beyond a list's end may have come forward without being new.
  const showsNew = before?.complete === true && state.complete;
  return state.heads.flatMap((head) => {
    const { id, sha } = head;
    const kept = before?.heads.get(id);
    if (seen.has(id, sha) || (kept === sha && !seen.left(id, sha))) return [];
    const stood = seen.last(id) ?? kept;
    return stood !== undefined || showsNew ? [{ head, stood }] : [];
  });
}

/**
 * What this sweep could not see. The next one goes on from it all the same: the gap would only grow. That a repository is
 * too large is told once.
 */
function troubleOf({ kept, seen, state }: { kept: Snapshot | undefined; seen: SeenHeads; state: State }) {
  if (kept && !seen.complete) return TOO_MANY_DELIVERIES;
  return state.complete || kept?.complete === false ? undefined : TOO_MANY_HEADS;
}

/** Since when deliveries are read, Unix ms. A time to come is of a clock that was wrong: it says nothing. */
function sinceOf(kept: Snapshot | undefined): number {
  const now = Date.now();
  return kept && kept.at <= now ? kept.at - OVERLAP_MS : now - FIRST_MS;
}

/** What stands where it stood once before, and was made then, has its key already. */
function keyOf({ key }: Head, { made, before }: { made: ReadonlySet<string>; before: Snapshot | undefined }): string {
  return made.has(key) ? sweepAgainKey(key, before?.at ?? 0) : key;
}

async function takeAll(
  { ingest, log }: ReconcileDeps,
  untold: readonly (Untold & { readonly key: string })[],
): Promise<number> {
  if (!ingest) throw notConfigured('this worker was started without a way to take deliveries in');
  let stored = 0;
  for (const { head, stood, key } of untold) {
    const taken = await ingest.event({ key, event: head.event(stood) });
    if (taken.outcome === 'refused') throw refused(taken.because);
    if (taken.outcome === 'stored') stored += 1;
    log.info({ key, outcome: taken.outcome }, 'a change that no delivery told of');
    note({ stored });
  }
  return stored;
}
