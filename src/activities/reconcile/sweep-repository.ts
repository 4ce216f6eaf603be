import { sweepAgainKey } from '../../events/synthesised-key.js';
import type { Activities } from '../contract/index.js';
import { notConfigured, refused } from '../failures.js';
import { recordProgress, withHeartbeat } from '../heartbeat.js';
import { providerCall } from '../provider-call.js';
import type { ReconcileDeps } from './deps.js';
import { presentRepository } from './present-repository.js';
import { type SeenHeads, seenHeads } from './seen-heads.js';
import { settingsOf } from './settings.js';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.js';
import { type Head, type HeadList, readState, type State } from './sweep-state.js';

/** How long before the last pass the delivery of what it saw may have come. */
const OVERLAP_MS = 3_600_000;
/** How far back the first pass over a repository reads deliveries. */
const FIRST_MS = 30 * 86_400_000;
/** Further ones wait for the next pass. */
const MAX_SUSPECTS = 100;
/** Of one repository, the newest first. */
const MAX_NAMES = 10;

const TOO_MANY_DELIVERIES = 'more deliveries came since the last pass than are read: a change may have been missed';
const TOO_MANY_HEADS = 'it has more branches or open pull requests than are read: the others are not checked';

/**
 * Compares the heads of a repository's branches and open pull requests, its tags and its releases with those of the last
 * pass, and with the inbox. A change without a delivery is first only a suspect, because its delivery may be on its way;
 * called again with those suspects, it puts what is still missing into the inbox as a synthesised delivery. Deletions are
 * not noticed; that what was deleted or closed, as a delivery told, is there again, is.
 *
 * In the first pass over a repository there is only the inbox to compare with: a branch that it does not know may be
 * older than the inbox, and counts as unchanged. The same goes if more deliveries came since the last pass than are
 * read, which is reported as a warning.
 */
export function createSweepRepository(deps: ReconcileDeps): Activities['sweepRepository'] {
  return ({ source: name, repository, suspects }) =>
    withHeartbeat(() =>
      providerCall(async () => {
        const { source, settings } = settingsOf(deps.config, name);
        const { callsPerMinute } = settings;
        const acquire = () => deps.rateLimit.acquire(name, callsPerMinute);
        const { records, inbox } = deps.store;
        const at = Date.now();
        const found = await presentRepository(deps, { source: name, name: repository }, acquire);
        const state = await readState(found.state, {
          source: name,
          provider: source.kind,
          repository: found.about,
          acquire,
          charge: (calls) => deps.rateLimit.charge(name, callsPerMinute, calls),
        });
        const kept = await newestSnapshot(records, { source: name, names: found.names });
        // Before the inbox is read: it shows what another pass synthesises from now on.
        const made = await inbox.has(name, suspects ?? []);
        const which = { source: name, repository: state.repository, since: sinceOf(kept), asked: at };
        const seen = await seenHeads(inbox, which);
        // A difference means nothing unless all deliveries since then were read.
        const before = seen.complete ? kept : undefined;
        const unreported = unreportedOf(state, { seen, before });
        const counts = { seen: state.heads.length, missing: unreported.length, redelivered: 0, taken: 0, refused: 0 };
        const keep = (open: readonly UnreportedHead[]) => {
          const heads = new Map(state.heads.map(({ id, sha }) => [id, sha]));
          for (const { head, before } of open)
            before === undefined ? heads.delete(head.id) : heads.set(head.id, before);
          const { heads: complete, ...others } = state.complete;
          return writeSnapshot(records, { source: name, repository, at, heads, complete, ...others });
        };
        if (suspects === undefined) {
          if (unreported.length === 0) await keep([]);
          const warning = [warningOf({ kept, seen, state }), ...state.troubles].find((one) => one !== undefined);
          const keys = unreported.slice(0, MAX_SUSPECTS).map(({ head }) => head.key);
          return { ...counts, suspects: keys, ...(warning && { trouble: warning }) };
        }
        const due = unreported.filter(({ head }) => suspects.includes(head.key));
        const keyed = due.map((one) => ({ ...one, key: keyOf(one.head, { made, before: kept }) }));
        const taken = await ingestAll(deps, keyed);
        await keep(unreported.filter((one) => !due.includes(one)));
        return { ...counts, missing: due.length, taken, suspects: [] };
      }),
    );
}

/** A head that no delivery reported. */
interface UnreportedHead {
  readonly head: Head;
  /** Its commit before. Undefined for a new head. */
  readonly before: string | undefined;
}

function unreportedOf(
  state: State,
  { seen, before }: { seen: SeenHeads; before: Snapshot | undefined },
): UnreportedHead[] {
  const wasComplete: Readonly<Record<HeadList, boolean | undefined>> = {
    heads: before?.complete,
    tags: before?.tags,
    releases: before?.releases,
  };
  return state.heads.flatMap((head) => {
    const { id, sha, object, list } = head;
    const kept = before?.heads.get(id);
    const isTold = seen.has(id, sha) || (object !== undefined && seen.has(id, object));
    if (isTold || (kept === sha && !seen.left(id, sha))) return [];
    const isAgain = seen.isGone(id);
    const last = isAgain ? undefined : (seen.last(id) ?? kept);
    // What was beyond the end of a list that was cut may show up without being new.
    const showsNew = wasComplete[list] === true && state.complete[list];
    return isAgain || last !== undefined || showsNew ? [{ head, before: last }] : [];
  });
}

/** Returns the last snapshot of a repository, under whichever of its names it was made. */
async function newestSnapshot(
  records: ReconcileDeps['store']['records'],
  { source, names }: { source: string; names: readonly string[] },
): Promise<Snapshot | undefined> {
  const all = await Promise.all(
    names.slice(0, MAX_NAMES).map((name) => readSnapshot(records, { source, repository: name })),
  );
  return all.filter((one) => one !== undefined).sort((a, b) => b.at - a.at)[0];
}

/**
 * Returns what this pass could not see. The next one goes on from it all the same: the gap would only grow. That a
 * repository is too large is reported once.
 */
function warningOf({ kept, seen, state }: { kept: Snapshot | undefined; seen: SeenHeads; state: State }) {
  if (kept && !seen.complete) return TOO_MANY_DELIVERIES;
  return state.complete.heads || kept?.complete === false ? undefined : TOO_MANY_HEADS;
}

/**
 * Returns the time from which deliveries are read, Unix ms. A time in the future was written by a clock that was wrong.
 */
function sinceOf(kept: Snapshot | undefined): number {
  const now = Date.now();
  return kept && kept.at <= now ? kept.at - OVERLAP_MS : now - FIRST_MS;
}

/** A head that is back at a commit for which a delivery was synthesised before gets another key. */
function keyOf({ key }: Head, { made, before }: { made: ReadonlySet<string>; before: Snapshot | undefined }): string {
  return made.has(key) ? sweepAgainKey(key, before?.at ?? 0) : key;
}

async function ingestAll(
  { ingest, log }: ReconcileDeps,
  unreported: readonly (UnreportedHead & { readonly key: string })[],
): Promise<number> {
  if (!ingest) throw notConfigured('this worker was started without intake, so it can store no deliveries');
  let stored = 0;
  for (const { head, before, key } of unreported) {
    const result = await ingest.event({ key, event: head.event(before) });
    if (result.outcome === 'refused') throw refused(result.because);
    if (result.outcome === 'stored') stored += 1;
    log.info({ key, outcome: result.outcome }, 'a change without a delivery was put into the inbox');
    recordProgress({ stored });
  }
  return stored;
}
