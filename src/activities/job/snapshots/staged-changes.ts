import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { mapAtOnce } from '../../../async/at-once.js';
import { withDeadline } from '../../../async/deadline.js';
import { onAbort } from '../../../async/on-abort.js';
import type { OpenJob } from '../open-job.js';
import type { Head } from './unkept-commits.js';

const ENV = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LANG: 'C.UTF-8',
  GIT_DIR: '.git',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  // Objects that are not there are not fetched, as settings may ask for.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
};
/** Without the programs that settings may name. What was announced by `git add --intent-to-add` counts too. */
const ARGS = [
  ...['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'],
  ...['diff-index', '--cached', '--quiet', '--ita-visible-in-index'],
];
const MOST_MS = 60_000;
const AT_ONCE = 4;

/**
 * Returns whether steps have staged changes in a checkout or its submodules: git's index is not kept with the files. True as well where git
 * can't tell. Throws where that takes longer than a minute. `heads`: what was checked out.
 */
export async function hasStaged(
  job: Pick<OpenJob, 'workspace' | 'runner' | 'gracePeriods'>,
  heads: readonly Head[],
  parent: AbortSignal,
): Promise<boolean> {
  const error = () => new Error(`git took more than ${MOST_MS / 60_000} minute to tell what is staged`);
  return withDeadline({ ms: MOST_MS, parent, error }, async (signal) => {
    const look = ({ path, commit }: Head) =>
      isStagedIn(job, { cwd: join(job.workspace.folder, 'src', path), commit, signal });
    return (await mapAtOnce(heads, AT_ONCE, look)).includes(true);
  });
}

/** Git runs where the steps do: they have written what it reads, its settings too. */
async function isStagedIn(
  { runner, gracePeriods }: Pick<OpenJob, 'runner' | 'gracePeriods'>,
  { cwd, commit, signal }: { readonly cwd: string; readonly commit: string; readonly signal: AbortSignal },
): Promise<boolean> {
  const index = await lstat(join(cwd, '.git/index')).catch(() => undefined);
  // Where a step has removed it, nothing in it is missed: the next checkout has its own.
  if (!index) return false;
  // A pipe would be waited for.
  if (!index.isFile()) return true;
  signal.throwIfAborted();
  const tools = await runner.tools();
  const group = tools.start({ command: 'git', args: [...ARGS, commit], cwd, env: ENV }, gracePeriods);
  const stopListening = onAbort(signal, () => void group.stop());
  const drain = async (stream: AsyncIterable<Buffer>) => {
    for await (const _ of stream);
  };
  try {
    const [{ exitCode }] = await Promise.all([group.ended, drain(group.stdout), drain(group.stderr)]);
    signal.throwIfAborted();
    return exitCode !== 0;
  } finally {
    stopListening();
  }
}
