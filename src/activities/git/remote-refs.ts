import { mkdir } from 'node:fs/promises';
import { Context } from '@temporalio/activity';
import type { Config } from '../../config/config.js';
import type { Providers } from '../../providers/apis.js';
import { triedEnough } from '../failures.js';
import { git, remoteFailure } from './git.js';
import { authorizedRemote } from './remote.js';

/**
 * Asks a source's repository, by git, what these refs lead to. Returns those that are there: object names by ref. Throws
 * `NotConfigured`, `Refused`, or a failure that is retried.
 */
export async function remoteRefs(
  deps: { readonly config: Config; readonly providers: Providers },
  { source, repository, refs }: { source: string; repository: string; refs: readonly string[] },
): Promise<ReadonlyMap<string, string>> {
  const remote = await authorizedRemote(deps, { source, repository });
  // A folder that is no repository, and that nobody has to remove.
  const cwd = deps.config.data;
  await mkdir(cwd, { recursive: true });
  const call = { cwd, signal: Context.current().cancellationSignal, remote };
  const answer = await git(call, 'ls-remote', '--quiet', '--end-of-options', remote.url, ...refs);
  if (!answer.ok) throw triedEnough(remoteFailure(`git can't ask ${remote.url}`, answer));
  const lines = answer.stdout.split('\n').map((line) => line.split('\t'));
  return new Map(lines.flatMap(([sha, name]) => (sha && name && refs.includes(name) ? [[name, sha]] : [])));
}
