import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { shortEnvironment } from '../../secrets/short-environment.js';
import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** The newest commit of a clone, as a push of it would tell. */
export interface LastCommit {
  /** Name of the branch that is checked out. */
  readonly branch: string;
  /** Its parent; zeros for a first commit. */
  readonly before: string;
  readonly after: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** ISO 8601. */
  readonly timestamp: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
  /** URL of the remote `origin`, if there is one. It may hold credentials. */
  readonly remote?: string;
}

const GIT_MS = 30_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** Nothing of the clone's own settings runs, nothing in it is written, and nothing is fetched. */
const SETTINGS = ['core.fsmonitor=false', 'core.hooksPath=/dev/null', 'log.showSignature=false'];
const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
};

/** Reads the last commit of the branch that is checked out in a local clone. Throws {@link UserError}. */
export async function readLastCommit(clone: string): Promise<LastCommit> {
  const isFolder = await stat(clone).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UserError(`--from takes the folder of a local clone: ${clone} is none`);
  const git = runner(resolve(clone));
  const found = await git('rev-parse', '--git-dir');
  if (!found.ok) throw new UserError(`--from takes the folder of a local clone: git says of ${clone}: ${found.says}`);
  const format = ['%H', '%P', '%an', '%ae', '%aI', '%B'].join('%x00');
  const shown = await git('show', '--no-patch', '--no-show-signature', `--format=${format}`, 'HEAD', '--');
  if (!shown.ok) throw new UserError(`${clone} has no commit yet`);
  const [after = '', parents = '', name = '', email = '', timestamp = '', ...message] = shown.out.split('\0');
  const [parent] = parents.split(' ');
  if (!parent && (await hasParent(git)))
    throw new UserError(
      `${clone} is a shallow clone, without what its last commit is compared with: git fetch --deepen=1 gets it`,
    );
  // Not the short name: that of a branch which is called as a tag has a part of the long one before it.
  const head = await git('symbolic-ref', '--quiet', 'HEAD');
  const branch = /^refs\/heads\/(.+)$/.exec(head.out.trim())?.[1];
  if (branch === undefined) throw new UserError(`No branch is checked out in ${clone}: check out the one to push`);
  const range = parent ? [parent, after] : ['--root', after];
  const changes = await git('diff-tree', '-r', '-z', '--no-commit-id', '--name-status', '--no-renames', ...range, '--');
  if (!changes.ok) throw new UserError(`git can't tell what the last commit of ${clone} changed: ${changes.says}`);
  const remote = await git('remote', 'get-url', 'origin');
  return {
    branch,
    before: parent || '0'.repeat(after.length),
    after,
    message: message.join('\0').trimEnd(),
    author: { name, email },
    timestamp,
    ...filesIn(changes.out),
    ...(remote.ok && { remote: remote.out.trim() }),
  };
}

type Git = (...args: readonly string[]) => Promise<{ ok: boolean; out: string; says: string }>;

/** Returns whether the last commit has a parent, by the commit itself: the first of a shallow clone seems to have none. */
async function hasParent(git: Git): Promise<boolean> {
  const { out } = await git('cat-file', 'commit', 'HEAD');
  return /^parent /m.test(out.split('\n\n', 1)[0] ?? '');
}

/** Returns what runs git in a folder. What it refuses is an answer; throws {@link UserError} where git can't be run. */
function runner(cwd: string): Git {
  return async (...args) => {
    const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
    const ended = await execa('git', [...settings, ...args], {
      cwd,
      // None of git's own variables: where a hook of another repository calls this, they name that one.
      env: { ...shortEnvironment(/^XDG_CONFIG_HOME$/), ...ENVIRONMENT },
      extendEnv: false,
      stdin: 'ignore',
      reject: false,
      stripFinalNewline: false,
      timeout: GIT_MS,
      maxBuffer: MAX_BYTES,
    });
    if (ended.failed && ended.exitCode === undefined)
      throw new UserError(`git ${args[0]} could not be run in ${cwd} (${ended.code ?? 'it took too long'})`);
    return { ok: !ended.failed, out: ended.stdout ?? '', says: harmless((ended.stderr ?? '').split('\n')[0] ?? '') };
  };
}

/** Reads pairs of a letter and a path, each ended by NUL. */
function filesIn(text: string): Pick<LastCommit, 'added' | 'removed' | 'modified'> {
  const words = text.split('\0');
  const files = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  for (let at = 0; at + 1 < words.length; at += 2) {
    const path = words[at + 1] ?? '';
    if (words[at] === 'A') files.added.push(path);
    else if (words[at] === 'D') files.removed.push(path);
    else files.modified.push(path);
  }
  return files;
}
