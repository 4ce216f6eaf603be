import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import type { FoundHead } from '../../activities/contract/index.js';
import type { CommentEvent, EditedEvent, HookyardEvent, ReviewEvent } from '../../events/event.js';
import { code } from '../../events/markdown.js';
import { pullRequest } from '../../triggers/index.js';
import type { BranchHead, BuildableEvent, TagHead } from '../kit/buildable-event.js';
import { mirroring, provider } from './activities.js';
import { isBuildable, whyNoHead } from './buildable.js';
import { passGate } from './gate.js';
import { giveUpSlot, takeSlotAgain } from './lane.js';
import { newerHead, pullRequestNow } from './pull-request-now.js';
import { runStep } from './step.js';
import { offTheClock } from './time-limit.js';
import { waitOut } from './wait-out.js';

/** Where the commit is that an event without a repository is meant to lead to. */
export interface Place {
  /** Name of the configured source. */
  readonly source: string;
  /** `owner/name`. */
  readonly repository: string;
  /** A branch or a tag: `main`, `v1`, or whole, `refs/heads/main`. */
  readonly ref: string;
}

const TAKES_SLOT = 'take-slot-after-failed-head';

/** What was asked for, by what it leads from. Module state: the workflow sandbox gives each run its own. */
const heads = new Map<string, Promise<BuildableEvent>>();

/**
 * Returns what an event leads to, which is the same whenever the run asks again. The head of a pull request that may be a
 * stranger's goes through the gate of pull requests first. Throws where the event leads to no commit, or to none that is known to be
 * the repository's own; `caller` begins the message.
 */
export async function findHead(
  event: HookyardEvent | BuildableEvent,
  { caller, place }: { readonly caller: string; readonly place?: Place | undefined },
): Promise<BuildableEvent> {
  if (isBuildable(event) && place === undefined) return event;
  if (event.kind === 'chained' && place === undefined) return findHead(event.event, { caller });
  const name = nameOf(event, place);
  for (let known = heads.get(name); known !== undefined; known = heads.get(name)) {
    const { cancellable, cancelRequested } = CancellationScope.current();
    try {
      return await (cancellable ? Promise.race([known, cancelRequested]) : known);
    } catch (error) {
      // The part of the run that has asked may have been cancelled, and not this one.
      if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    }
  }
  return remember(name, ask(event, caller, place));
}

function remember(name: string, asked: Promise<BuildableEvent>): Promise<BuildableEvent> {
  heads.set(name, asked);
  asked.catch(() => heads.delete(name));
  return asked;
}

function nameOf(event: HookyardEvent | BuildableEvent, place: Place | undefined): string {
  const delivery = 'deliveryId' in event ? event.deliveryId : undefined;
  const number = 'number' in event ? event.number : undefined;
  return JSON.stringify([event.source, delivery, event.kind, number, place?.source, place?.repository, place?.ref]);
}

async function ask(
  event: HookyardEvent | BuildableEvent,
  caller: string,
  place: Place | undefined,
): Promise<BuildableEvent> {
  const { edited } = event.kind === 'chained' ? event.event : event;
  if (place !== undefined) return refHead(place, edited);
  const because = whyNoHead(event.kind);
  if (because !== undefined) throw new Error(`${caller}: ${because}`);
  const where = { source: event.source, repository: 'repository' in event ? event.repository.fullName : '' };
  switch (event.kind) {
    case 'review':
      return pullRequestHead(event, event.number);
    case 'comment':
      if (event.on === 'pull_request' && event.number !== undefined) return pullRequestHead(event, event.number);
      if (event.on === 'commit' && event.commit)
        return commitHead({ ...where, sha: event.commit.sha, refs: [] }, edited);
      throw new Error(`${caller}: a comment on an issue leads to no commit: take those with event.on 'pull_request'`);
    case 'release':
      return refHead({ ...where, ref: `refs/tags/${event.tag}` }, edited);
    case 'status': {
      const refs = event.branches ?? (event.branch === undefined ? [] : [event.branch]);
      return commitHead(
        { ...where, sha: event.commit.sha, refs: refs.map((branch) => `refs/heads/${branch}`) },
        edited,
      );
    }
    case 'deployment':
      if (event.commit)
        return commitHead(
          { ...where, sha: event.commit.sha, refs: event.ref === undefined ? [] : [event.ref] },
          edited,
        );
      if (event.ref !== undefined) return refHead({ ...where, ref: event.ref }, edited);
      throw new Error(`${caller}: the provider tells neither commit nor ref of this deployment`);
    default:
      // The kinds that lead nowhere have thrown, and the others have a commit.
      throw new Error(`${caller}: a ${event.kind} event leads to no commit`);
  }
}

/** Returns the pull request as it is now. Once it is approved, if it may be a stranger's: an approval is for one commit. */
async function pullRequestHead(event: CommentEvent | ReviewEvent, number: number): Promise<BuildableEvent> {
  for (;;) {
    const now = await runStep(
      `Head of pull request #${number}`,
      () => pullRequestNow(event, number),
      ({ commit }) => code(commit.sha.slice(0, 12)),
    );
    const pass = () => passGate(now, { on: [pullRequest()], checks: [], how: undefined, begun: true as const });
    const admission = await (now.pullRequest.fork ? withoutSlot(() => offTheClock(pass)) : pass());
    if (!admission.admitted) throw new Error(`the head of pull request #${number} is not built: ${admission.because}`);
    if (!now.pullRequest.fork || (await newerHead(admission.event)) === undefined) return admission.event;
  }
}

/** Does what waits for people: the run keeps its place in its lane, and not its slot. */
async function withoutSlot<T>(wait: () => Promise<T>): Promise<T> {
  await giveUpSlot();
  let result: T;
  try {
    result = await wait();
  } catch (error) {
    // The author may catch it and go on: runs that an older version started do so without.
    if (!isCancellation(error) && patched(TAKES_SLOT)) await takeSlotAgain();
    throw error;
  }
  await takeSlotAgain();
  return result;
}

/** What is asked for of a commit. */
interface CommitOf {
  readonly source: string;
  readonly repository: string;
  readonly sha: string;
  readonly refs: readonly string[];
}

async function commitHead(of: CommitOf, edited: EditedEvent | undefined): Promise<BranchHead | TagHead> {
  const lookedUpAt = new Date().toISOString();
  const found = await runStep(
    `Commit ${of.sha.slice(0, 12)} of ${of.repository}`,
    (step) => waitOut(step, () => mirroring.findCommit({ ...of, waitsOut: true })),
    ({ ref }) => `in ${code(ref)}`,
  );
  return toHead(of, found, { lookedUpAt, edited });
}

async function refHead(of: Place, edited: EditedEvent | undefined): Promise<BranchHead | TagHead> {
  const lookedUpAt = new Date().toISOString();
  const { source, repository, ref } = of;
  const found = await runStep(
    `Head of ${ref.replace(/^refs\/(?:heads|tags)\//, '')} of ${repository}`,
    () => provider.findHead({ source, repository, ref }),
    ({ sha }) => code(sha.slice(0, 12)),
  );
  return toHead(of, found, { lookedUpAt, edited });
}

/** `edited`: somebody has made the event that leads to it. */
function toHead(
  { source, repository }: { readonly source: string; readonly repository: string },
  { ref, sha }: FoundHead,
  { lookedUpAt, edited }: { readonly lookedUpAt: string; readonly edited: EditedEvent | undefined },
): BranchHead | TagHead {
  const where = { source, repository: { fullName: repository }, ref, commit: { sha }, lookedUpAt };
  const found = { ...where, ...(edited && { edited }) };
  const tag = /^refs\/tags\/(.*)$/s.exec(ref)?.[1];
  if (tag !== undefined) return { ...found, kind: 'tag_head', tag };
  return { ...found, kind: 'branch_head', branch: ref.replace('refs/heads/', '') };
}
