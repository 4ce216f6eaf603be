import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { keptFolders } from '../../../../src/activities/job/trees/tree-folders.js';
import { openJobs } from '../../../support/harness/jobs.js';

/* What jobs try to leave for the next one of the repository, which gets their files. */

const LOOK = fileURLToPath(new URL('look.sh', import.meta.url));

type Row = readonly [what: string, tries: string];

const GOES: readonly Row[] = [
  ['nothing', 'true'],
  ['an ignored file', 'echo left > left.log; echo left > deep/left.log'],
  ['files in new folders', 'mkdir -p new/deep deep/new && echo left | tee new/deep/left deep/new/left'],
  ['empty folders', 'mkdir -p new/deep deep/new'],
  ['a changed file', 'echo left >> word.txt'],
  [
    'a changed file of the same size, with its old time',
    'touch -r word.txt time && printf "FIRST\\n" > word.txt && touch -r time word.txt && rm time',
  ],
  ['an old time', 'touch -d "2001-01-01" word.txt deep'],
  ['a missing file', 'rm word.txt deep/a/one.txt'],
  ['a file where a folder was', 'rm -r deep && echo left > deep'],
  ['a folder where a file was', 'rm word.txt && mkdir word.txt && echo left > word.txt/left'],
  ['a link where a file was', 'ln -sf /etc/hostname word.txt'],
  ['another link', 'ln -sfn deep link'],
  ['a link where a folder was', 'mv deep "$HOME/deep" && ln -s "$HOME/deep" deep'],
  ['a moved folder', 'mv deep moved'],
  ['folders in each other’s places', 'mv deep/a x && mv deep/b deep/a && mv x deep/b'],
  ['a file’s content in another’s place, as old', 'mv deep/a/one.txt word.txt'],
  ['a hard link in the checkout', 'ln word.txt left.log'],
  ['a hard link elsewhere', 'ln word.txt ../left'],
  ['other modes of files', 'chmod 777 word.txt; chmod 644 run.sh; chmod 4755 deep/a/one.txt'],
  ['other modes of folders', 'chmod 777 deep; chmod g+s deep/a; chmod +t deep/b'],
  ['folders that can’t be written', 'mkdir new && echo left > new/left && chmod 500 new deep deep/a'],
  ['folders that can’t be read', 'mkdir new && echo left > new/left && chmod 0 new deep'],
  ['a checkout that can’t be written', 'echo left > left && chmod 500 .'],
  ['a pipe', 'mkfifo left deep/left'],
  [
    'a socket',
    `node -e 'require("net").createServer().listen("left", () => process.kill(process.pid, "SIGKILL"))' || test -S left`,
  ],
  ['names that are no text', `touch "$(printf 'left\\377')" "$(printf 'deep/left\\n\\377')"`],
  [
    'settings',
    'git config core.fsmonitor "touch pwned; :" && git config core.hooksPath /tmp && git config user.name left',
  ],
  [
    'settings from elsewhere',
    'git config include.path "$HOME/left" && git config includeIf.gitdir:/.path "$HOME/left"',
  ],
  [
    'a filter',
    'git config filter.left.smudge "tr a-z A-Z" && echo "* filter=left" > .git/info/attributes && git checkout -q HEAD .',
  ],
  ['hooks', 'printf "#!/bin/sh\\ntouch pwned\\n" > .git/hooks/post-checkout && chmod +x .git/hooks/post-checkout'],
  ['what git does not see', 'echo "*" > .git/info/exclude && echo left > left'],
  ['attributes', 'echo "*.txt text eol=crlf" > .git/info/attributes && rm word.txt && git checkout -q word.txt'],
  ['a sparse checkout', 'git sparse-checkout set steady && test ! -e deep'],
  ['files that git does not look at', 'git update-index --assume-unchanged word.txt && echo left > word.txt'],
  ['files that git skips', 'git update-index --skip-worktree word.txt && echo left > word.txt'],
  ['an index that says otherwise', 'git rm -rq --cached deep && echo left > left && git add left'],
  ['a lock', 'touch .git/index.lock .git/HEAD.lock'],
  [
    'commits, branches and tags',
    'export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b.c GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b.c; git checkout -qb left && echo left > word.txt && git commit -qam left && git tag left && echo more > word.txt && git stash -q',
  ],
  ['other objects', 'mkdir -p "$HOME/objects" && echo "$HOME/objects" >> .git/objects/info/alternates'],
  ['a replaced object', 'git replace "$(git rev-parse HEAD:word.txt)" "$(git rev-parse HEAD:run.sh)"'],
  ['a work tree', 'git worktree add -q "$HOME/left" && git worktree add -q left-too'],
  ['a repository in the checkout', 'git init -q left && echo left > left/left && git init -q deep/left'],
  ['a submodule’s files', 'echo left > sub/left && git init -q sub && mkdir -p .git/modules/sub'],
  ['a folder in a submodule', 'mv deep sub/deep'],
  ['a tracked folder as a submodule’s files', 'rmdir sub && mv x sub'],
  ['a tracked folder as the repository of another', 'mv x deep/.git'],
  ['a tracked folder as a repository in other letters', 'mv x deep/.GIT'],
  ['no repository', 'rm -r .git'],
  ['a file for a repository', 'rm -r .git && git init -q "$HOME/left" && echo "gitdir: $HOME/left/.git" > .git'],
  ['a link for a repository', 'mv .git "$HOME/left" && ln -s "$HOME/left" .git'],
  ['a repository that is none', 'rm -r .git/refs && echo left > .git/HEAD && chmod 0 .git'],
  ['files at home', 'echo left > ~/.gitconfig && echo left > "$TMPDIR/left" && chmod 0 ~'],
];

/** The files that are there afterwards are written anew. */
const NOT_USED: readonly Row[] = [
  [
    'while a process is at work in them',
    `setsid env -i sh -c 'touch on; exec sleep 60' & until test -e on; do sleep 0.02; done`,
  ],
  ['where the checkout is another folder', 'cd .. && mv src other && mkdir src'],
  ['where the checkout is a link', 'cd .. && mv src "$HOME/src" && ln -s "$HOME/src" src'],
  [
    'while a process runs whose program lies in them',
    // What its command line begins with: those of `setsid` and `env` hold it too, and what they run ends with the step.
    `cp "$(command -v sleep)" on && p="$PWD" && cd / && (setsid env -i "$p/on" 60 > /dev/null 2>&1 < /dev/null &) && until pgrep -f "^$p/on" > /dev/null; do sleep 0.02; done`,
  ],
  ['where the copy of the index is a pipe', 'cd .. && rm index && mkfifo index'],
  ['where the copy of the index is a link', 'cd .. && ln -sf /dev/zero index'],
  ['where the copy of the index was changed', 'cd .. && for f in index*; do echo left >> "$f"; done'],
];

/** What a job finds: all there is, as text, and which file one of them is. */
interface Found {
  readonly tree: readonly string[];
  readonly file: string;
}

/** What was found by the first job of all, by the one that tried, and by the next. */
const found = new Map<string, { readonly first: Found; readonly before: Found; readonly after: Found }>();

beforeAll(async () => {
  const rows = [...GOES, ...NOT_USED];
  await Promise.all([0, 1].map((odd) => tryAll(rows.filter((_, i) => i % 2 === odd))));
}, 300_000);

/** Runs one job after the other: each looks at what the one before has left, and then tries. */
async function tryAll(rows: readonly Row[]): Promise<void> {
  const jobs = await openJobs();
  try {
    await jobs.commit({
      '.gitignore': '*.log\n',
      'word.txt': 'first\n',
      'steady/file.txt': 'steady\n',
      'deep/a/one.txt': 'one\n',
      'deep/b/two.txt': 'two\n',
      'run.sh': '#!/bin/sh\n',
      // As a repository is.
      'x/HEAD': 'ref: refs/heads/main\n',
      'x/objects/k': '',
      'x/refs/k': '',
      'x/config': '[core]\n\tfsmonitor = "touch pwned; :"\n',
    });
    await jobs.git('update-index', '--chmod=+x', 'run.sh');
    await jobs.git('init', '--quiet', 'sub');
    await jobs.git('-C', 'sub', 'commit', '--quiet', '--allow-empty', '--message=sub');
    await symlink('word.txt', join(jobs.folder, 'work/link'));
    await jobs.commit({});
    const path = join(jobs.folder, 'found');
    const seen: Found[] = [];
    for (const [what, tries] of [...rows, ['the last', 'true']]) {
      const result = await jobs.run({ steps: [`sh ${LOOK} ${path}`, tries ?? ''] });
      expect(result, `${what}: ${result.tail}`).toMatchObject({ passed: true });
      const [tree, file] = await Promise.all([path, `${path}.file`].map((name) => readFile(name, 'latin1')));
      seen.push({ tree: tree?.split(/[\0\n]/) ?? [], file: file ?? '' });
    }
    for (const [i, [what]] of rows.entries()) {
      const [first, before, after] = [seen[0], seen[i], seen[i + 1]];
      if (first && before && after) found.set(what, { first, before, after });
    }
  } finally {
    for (const folder of keptFolders(jobs.config)) await rm(folder, { recursive: true, force: true });
    await jobs.close();
  }
}

describe('of what a job tries to leave, the next one finds nothing', () => {
  test.each(GOES)('%s', (what) => {
    const { first, before, after } = found.get(what) ?? {};
    expect(after?.tree).toBeDefined();
    expect(after?.tree).toEqual(first?.tree);
    // It did get the files of the one before.
    expect(after?.file).toBe(before?.file);
  });
});

describe('files are not used again', () => {
  test.each(NOT_USED)('%s', (what) => {
    const { first, before, after } = found.get(what) ?? {};
    expect(after?.tree).toBeDefined();
    expect(after?.tree).toEqual(first?.tree);
    expect(after?.file).not.toBe(before?.file);
  });
});
