import { Context } from '@temporalio/activity';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';
import { unavailable } from '../failures.js';
import { git } from '../git/git.js';
import { openMirror } from '../git/mirror.js';
import { mirrorRemote, sourceRemote } from '../git/remote.js';

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
      if (!ok) throw unavailable(`git can't push to mirror ${target}: ${[said, ...rejections(stdout)].join('; ')}`);
      return { updated: updates(stdout) };
    } finally {
      clearInterval(beat);
    }
  };
}

/** What the other side had against single refs; the first few say it. */
function rejections(porcelain: string): string[] {
  return porcelain
    .split('\n')
    .filter((line) => line.startsWith('!\t'))
    .slice(0, 3)
    .map((line) => line.split('\t').slice(1).join(' ').slice(0, 200));
}

/** `--porcelain` begins each ref's line with a flag and a tab; `=` is a ref that was right already. */
function updates(porcelain: string): number {
  return porcelain.split('\n').filter((line) => /^[ +\-*]\t/.test(line)).length;
}
