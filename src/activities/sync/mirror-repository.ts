import { Context } from '@temporalio/activity';
import { maskOf } from '../../secrets/mask.js';
import { activityProviders } from '../activity-providers.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { leftToTheRun } from '../failures.js';
import { git, remoteFailure } from '../git/git.js';
import { openMirror } from '../git/mirror.js';
import { authorizedRemote, mirrorRemote } from '../git/remote.js';
import { withHeartbeat } from '../heartbeat.js';

/**
 * Pushes all branches and tags of a source's repository to a remote of the configuration, and deletes all others there.
 */
export function createMirrorRepository(
  { config, log }: ActivityDeps,
  providers = activityProviders({ config, log }),
): Activities['mirrorRepository'] {
  return async function mirrorRepository({ source, repository, target, waitsOut }) {
    const to = mirrorRemote(config, target);
    return withHeartbeat(async () => {
      const from = await authorizedRemote({ config, providers }, { source, repository });
      const signal = Context.current().cancellationSignal;
      const mirror = await openMirror({ data: config.data, remote: from, repositories: [repository], signal });
      await mirror.fetchAll();
      const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
      const options = ['--porcelain', '--prune', '--end-of-options'];
      const { ok, stdout, ...answer } = await git(
        { cwd: mirror.folder(), signal, remote: to },
        'push',
        ...options,
        to.url,
        ...refspecs,
      );
      const said = [answer.said, ...rejections(maskOf(config)(stdout))].join('; ');
      if (!ok) throw remoteFailure(`git can't push to mirror ${target}`, { said });
      return { updated: updates(stdout) };
    }).catch((error: unknown) => {
      throw waitsOut ? leftToTheRun(error) : error;
    });
  };
}

/** Returns why the other side rejected refs: the first few. */
function rejections(porcelain: string): string[] {
  return porcelain
    .split('\n')
    .filter((line) => line.startsWith('!\t'))
    .slice(0, 3)
    .map((line) => line.split('\t').slice(1).join(' ').slice(0, 200));
}

/**
 * Counts the refs that changed. `--porcelain` begins each ref's line with a flag and a tab; `=` is an unchanged ref.
 */
function updates(porcelain: string): number {
  return porcelain.split('\n').filter((line) => /^[ +\-*]\t/.test(line)).length;
}
