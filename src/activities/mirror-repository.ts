import { Context } from '@temporalio/activity';
import type { Activities } from './contract.js';
import type { ActivityDeps } from './deps.js';
import { git } from './git/git.js';
import { openMirror } from './git/mirror.js';
import { mirrorRemote, sourceRemote } from './git/remote.js';
import { unavailable } from './remote/failure.js';

const HEARTBEAT_MS = 2_000;

/** Makes a remote of the configuration hold exactly the branches and tags that a source's repository has. */
export function createMirrorRepository({ config }: ActivityDeps): Activities['mirrorRepository'] {
  return async function mirrorRepository({ source, repository, target }) {
    const from = sourceRemote(config, { source, repository });
    const to = mirrorRemote(config, target);
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
    try {
      const signal = context.cancellationSignal;
      const mirror = await openMirror({ data: config.data, remote: from, signal });
      await mirror.fetchAll();
      const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
      const call = { cwd: mirror.folder, signal, remote: to };
      const { ok, stdout, said } = await git(
        call,
        'push',
        '--porcelain',
        '--prune',
        '--end-of-options',
        to.url,
        ...refspecs,
      );
      if (!ok) throw unavailable(`git can't push to mirror ${target}: ${said}`);
      return { updated: updates(stdout) };
    } finally {
      clearInterval(beat);
    }
  };
}

/** `--porcelain` begins each ref's line with a flag and a tab; `=` is a ref that was right already. */
function updates(porcelain: string): number {
  return porcelain.split('\n').filter((line) => /^[ +\-*]\t/.test(line)).length;
}
