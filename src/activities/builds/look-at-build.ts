import { ApplicationFailure } from '@temporalio/common';
import type { BuildState, MadeBuild, NewBuild, RemoteCi } from '../../remote-ci/remote-ci.js';
import type { RemoteBuildOutcome } from '../contract/index.js';
import { type CalledCi, callCi } from './call-ci.js';
import { type PollInterval, poll } from './poll.js';

/** A CI service, and what it is called in messages. */
export interface OpenedCi extends Omit<CalledCi, 'id'> {
  readonly ci: RemoteCi;
}

/** A build that is looked at. */
export interface KnownBuild extends MadeBuild, Pick<NewBuild, 'correlation'> {
  /** The commit that it should be made of. */
  readonly sha?: string;
  /** Whose commit that is, `owner/name`. */
  readonly repository?: string;
}

/** How long a build of another commit is tried to be cancelled. */
export interface CancellingOther {
  readonly interval: PollInterval;
  /** In milliseconds. */
  readonly forMs: number;
}

/** Looks once; undefined while the build goes on. One that is made of another commit is cancelled. */
export async function lookAt(
  opened: OpenedCi,
  of: KnownBuild,
  cancelling: CancellingOther,
): Promise<RemoteBuildOutcome | undefined> {
  const state = await stateOf(opened, of);
  const { outcome, conclusion } = state;
  const other = await otherThan(opened, state, of);
  if (!other) return outcome && { outcome, passed: outcome === 'passed', conclusion, ...pageOf(state, of) };
  return other(outcome ? conclusion : await cancelOther(opened, of, cancelling));
}

/** Returns how a build does. */
export function stateOf({ ci, ...called }: OpenedCi, of: KnownBuild): Promise<BuildState> {
  return callCi(about(ci, called, of.id), () => ci.look(of));
}

/** Cancels a build of another commit, and returns what has become of it: that it is of another one is to be told in any case. */
async function cancelOther({ ci, ...called }: OpenedCi, of: KnownBuild, options: CancellingOther): Promise<string> {
  const cancel = () => callCi(about(ci, called, of.id), () => ci.cancel(of)).then(() => true);
  try {
    await poll(cancel, options);
    return 'cancelled';
  } catch (error) {
    if (error instanceof ApplicationFailure) return `goes on, since it could not be cancelled (${error.message})`;
    throw error;
  }
}

/**
 * Returns what makes an outcome of the conclusion of a build that is of another commit than was asked for; undefined for one that is not,
 * and for one of another repository, none of whose commits is the event's.
 */
export async function otherThan(
  { ci, ...called }: OpenedCi,
  state: BuildState,
  of: KnownBuild,
): Promise<((conclusion: string) => RemoteBuildOutcome) | undefined> {
  const { repository } = of;
  if (!isOther(state, of)) return undefined;
  if (repository === undefined || !ci.isOf) return (conclusion) => otherCommit({ ...state, conclusion }, of);
  const isOwn = await callCi(about(ci, called, of.id), async () => ci.isOf?.(of, repository));
  if (isOwn === false) return undefined;
  const hint = isOwn
    ? ''
    : `; if it builds another repository than ${repository}, name in ref what it is to build there`;
  return (conclusion) => otherCommit({ ...state, conclusion }, of, hint);
}

/** Names a build in messages, unless its id is for us alone. */
export function about({ hidesIds }: RemoteCi, called: Omit<CalledCi, 'id'>, id: string): CalledCi {
  return hidesIds ? called : { ...called, id };
}

function otherCommit(state: BuildState, of: KnownBuild, hint = ''): RemoteBuildOutcome {
  const { conclusion, commits = [] } = state;
  const said = `${conclusion}, of commit ${commits.map(short).join(', ')} and not of ${short(of.sha ?? '')}${hint}`;
  return { outcome: 'failed', passed: false, conclusion: said, ...pageOf(state, of) };
}

/** Returns a build's page as a field that is only there where the page is known. */
export function pageOf({ url: told }: BuildState, of: KnownBuild): { readonly url?: string } {
  const url = told ?? of.url;
  return url === undefined ? {} : { url };
}

/** Ours may be the first 12 digits, which is all that Bitbucket Cloud tells of a pull request's. */
function isOther({ commits }: Pick<BuildState, 'commits'>, { sha }: KnownBuild): boolean {
  const name = sha?.toLowerCase();
  return name !== undefined && commits !== undefined && !commits.some((one) => one.toLowerCase().startsWith(name));
}

function short(sha: string): string {
  return sha.slice(0, 7);
}
