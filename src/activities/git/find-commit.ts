import { Context } from '@temporalio/activity';
import { isSha } from '../../events/git-names.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities, CommitInput, FoundHead } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { leftToTheRun, refused } from '../failures.js';
import { withHeartbeat } from '../heartbeat.js';
import { git } from './git.js';
import { openMirror } from './mirror.js';
import { commitAt, isBranchOrTag, namedRefs, withPeeled } from './named-refs.js';
import { checkedSha } from './names.js';
import { authorizedRemote } from './remote.js';
import { remoteRefs } from './remote-refs.js';

/**
 * Returns a commit with a branch or a tag of the repository that has it. Throws `Refused` where none has: some providers serve the
 * commits of forks under the repository's own name, so that a commit which nothing of its own leads to may be a stranger's.
 */
export function createFindCommit(
  { config, log }: Pick<ActivityDeps, 'config' | 'log'>,
  providers = activityProviders({ config, log }),
): Activities['findCommit'] {
  /** Returns the ref that leads to the very commit: most events tell of the head of a branch. */
  async function atRef({ source, repository, sha }: CommitInput, refs: readonly string[]) {
    if (refs.length === 0 || !isSha(sha)) return undefined;
    const found = await remoteRefs({ config, providers }, { source, repository, refs: withPeeled(refs) });
    const ref = refs.find((each) => commitAt(found, each) === sha);
    return ref === undefined ? undefined : { ref, sha };
  }

  /** Returns a ref whose history has the commit, those of `refs` first. */
  async function inHistory({ source, repository, sha: name }: CommitInput, refs: readonly string[]) {
    const remote = await authorizedRemote({ config, providers }, { source, repository });
    const signal = Context.current().cancellationSignal;
    const mirror = await openMirror({ data: config.data, remote, repositories: [repository], signal });
    await mirror.fetchAll();
    const call = { cwd: mirror.folder(), signal };
    const parsed = await git(call, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`);
    const sha = parsed.stdout.trim();
    // A branch may be called like the beginning of a commit's name.
    if (!parsed.ok || !isSha(sha) || !sha.startsWith(name)) return undefined;
    const listed = await git(
      call,
      'for-each-ref',
      '--format=%(refname)',
      `--contains=${sha}`,
      'refs/heads',
      'refs/tags',
    );
    const having = listed.ok ? listed.stdout.split('\n').filter((ref) => ref !== '') : [];
    const ref = refs.find((each) => having.includes(each)) ?? having[0];
    return ref === undefined ? undefined : { ref, sha };
  }

  return async function findCommit(input) {
    const { repository, sha, waitsOut } = input;
    checkedSha(sha);
    const refs = input.refs.filter(isBranchOrTag).flatMap(namedRefs);
    const find = async (): Promise<FoundHead | undefined> =>
      (await atRef(input, refs)) ?? (await inHistory(input, refs));
    const found = await withHeartbeat(find).catch((error: unknown) => {
      throw waitsOut ? leftToTheRun(error) : error;
    });
    if (found) return found;
    throw refused(
      `commit ${sha.slice(0, 12)} is in no branch or tag of ${repository}: it may be a stranger's, or was force-pushed away`,
    );
  };
}
