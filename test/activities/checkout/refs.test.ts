import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { activity, type Jobs, openJobs, WORKFLOW } from '../../support/harness/jobs.js';

let jobs: Jobs;
let origin: string;
beforeEach(async () => {
  jobs = await openJobs();
  origin = join(jobs.folder, 'repositories/acme/app.git');
});
afterEach(() => jobs.close());

const later = () => new Date(Date.now() + 60_000).toISOString();
const push = (...refs: string[]) => jobs.git('push', '--quiet', '--force', origin, ...refs);
const tag = async (name: string, ...options: string[]) => {
  await jobs.git('tag', '--force', ...options, name);
  await push(`refs/tags/${name}`);
};
/** Returns what the steps print, of a checkout that is as new as can be. */
async function printed(steps: string[], checkout = {}): Promise<string> {
  const result = await jobs.run({ steps, checkout: { defaultBranch: 'main', since: later(), ...checkout } });
  expect(result.passed, result.output).toBe(true);
  return result.output.trim();
}

describe('tags', () => {
  test('a push has those that lead to it', async () => {
    await jobs.commit({ a: '1' });
    await tag('v1.0', '--annotate', '--message=one');
    await tag('light');
    await jobs.commit({ a: '2' });
    expect(await printed(['git describe'])).toMatch(/^v1\.0-1-g/);
    expect(await printed(['git tag --list'])).toContain('light');
  });

  test('a tag has itself, with its message, also where its commit was built before', async () => {
    const sha = await jobs.commit({ a: '1' });
    await printed(['true']);
    await tag('v2.0', '--annotate', '--message=the second');
    const checkout = { sha, ref: 'refs/tags/v2.0' };
    expect(await printed(['git describe --exact-match; git tag --list --format="%(contents)" v2.0'], checkout)).toBe(
      'v2.0\nthe second',
    );
  });

  test('a tag of a tag has itself', async () => {
    const sha = await jobs.commit({ a: '1' });
    await tag('inner', '--annotate', '--message=inner');
    await jobs.git('tag', '--annotate', '--message=outer', 'outer', 'inner');
    await push('refs/tags/outer');
    const output = await printed(['git describe --exact-match --match outer'], { sha, ref: 'refs/tags/outer' });
    expect(output).toBe('outer');
  });

  test.each(['tags', 'heads'])(
    'one of refs/%s that is called like the first digits of a commit is not taken for it',
    async (kind) => {
      const sha = await jobs.commit({ a: '1' });
      await jobs.commit({ a: '2' });
      const short = sha.slice(0, 12);
      await push(`HEAD:refs/${kind}/${short}`);
      const ref = kind === 'tags' ? 'refs/heads/main' : `refs/heads/${short}`;
      expect(await printed(['git rev-parse HEAD; cat a'], { sha: short, ref })).toBe(`${sha}\n1`);
    },
  );

  test('a tag of a folder is a failure that says so', async () => {
    await jobs.commit({ a: '1' });
    await jobs.git('tag', 'folder', 'HEAD^{tree}');
    await push('refs/tags/folder');
    const sha = await jobs.git('rev-parse', 'folder');
    const input = await jobs.input({ steps: ['true'], checkout: { sha, ref: 'refs/tags/folder', since: later() } });
    await expect(activity({ workflowExecution: WORKFLOW }).run(jobs.runJob, input)).rejects.toMatchObject({
      type: 'Refused',
      message: `${sha.slice(0, 12)} is no commit: a tag of a file or a folder can't be checked out`,
    });
  });

  test('a tag that was moved since leads to what its event told of', async () => {
    const sha = await jobs.commit({ a: '1' });
    await jobs.commit({ a: '2' });
    await tag('moved', '--annotate', '--message=now here');
    const output = await printed(['git rev-parse "moved^{commit}"; cat a'], { sha, ref: 'refs/tags/moved' });
    expect(output).toBe(`${sha}\n1`);
  });

  test('one that was moved, or is gone, is so for the next job', async () => {
    const first = await jobs.commit({ a: '1' });
    await tag('moved');
    await tag('gone');
    expect(await printed(['git tag --list'])).toBe('gone\nmoved');
    const second = await jobs.commit({ a: '2' });
    await tag('moved');
    await push(':refs/tags/gone');
    expect(await printed(['git tag --list; git rev-parse moved'])).toBe(`moved\n${second}`);
    expect(second).not.toBe(first);
  });
});

describe('branches', () => {
  test('a pull request has its base and the default branch', async () => {
    await jobs.commit({ a: '1' });
    const base = await jobs.commit({ a: '2' }, 'release/1');
    await jobs.git('checkout', '--quiet', '-b', 'feature');
    const sha = await jobs.commit({ b: 'new' }, 'feature');
    await jobs.git('checkout', '--quiet', '-');
    const ahead = await jobs.commit({ a: '3' }, 'release/1');
    const checkout = { sha, ref: 'refs/heads/feature', base: 'release/1' };
    const steps = [
      'git merge-base origin/release/1 HEAD; git rev-parse origin/release/1',
      'git diff --name-only origin/release/1...HEAD; git rev-parse --abbrev-ref origin/HEAD',
    ];
    expect((await printed(steps, checkout)).split('\n')).toEqual([base, ahead, 'b', 'origin/main']);
  });

  test('a branch has its own name at the commit of its event, though more was pushed', async () => {
    const sha = await jobs.commit({ a: '1' });
    await jobs.commit({ a: '2' });
    expect(await printed(['git rev-parse HEAD origin/main origin/HEAD'], { sha })).toBe(`${sha}\n${sha}\n${sha}`);
  });

  test('the default branch is asked for where the event does not tell it', async () => {
    const main = await jobs.commit({ a: '1' });
    const sha = await jobs.commit({ a: '2' }, 'feature');
    const checkout = { sha, ref: 'refs/heads/feature', defaultBranch: undefined };
    expect(await printed(['git rev-parse origin/main'], checkout)).toBe(main);
  });

  test('a base that is gone keeps no job from running, and is not there as it once was', async () => {
    const sha = await jobs.commit({ a: '1' });
    await jobs.commit({ a: '1' }, 'old');
    const checkout = { sha, base: 'old' };
    expect(await printed(['git branch --remotes --list origin/old'], checkout)).toBe('origin/old');
    await push(':refs/heads/old');
    expect(await printed(['git branch --remotes --list "origin/*"'], checkout)).not.toContain('origin/old');
  });

  test('a base in the place of whose name another branch was is there', async () => {
    const sha = await jobs.commit({ a: '1' });
    await jobs.commit({ a: '1' }, 'x');
    await printed(['true'], { sha, base: 'x' });
    await push(':refs/heads/x');
    await jobs.commit({ a: '2' }, 'x/y');
    expect(await printed(['git branch --remotes --list "origin/x*"'], { sha, base: 'x/y' })).toBe('origin/x/y');
  });

  test('the second job of a run asks the repository for nothing', async () => {
    await jobs.commit({ a: '1' });
    const since = new Date(Date.now() - 1_000).toISOString();
    const checkout = { sha: await jobs.git('rev-parse', 'HEAD'), since, base: 'main' };
    await printed(['true'], checkout);
    await rename(origin, `${origin}.away`);
    expect(await printed(['git rev-parse origin/main'], checkout)).toBe(checkout.sha);
  });
});

test('a commit of a fork has the tags and the base of the repository that it is for', async () => {
  const base = await jobs.commit({ a: '1' });
  await tag('v1');
  const sha = await jobs.commit({ b: 'theirs' }, 'theirs');
  const fork = join(jobs.folder, 'repositories/stranger/fork.git');
  await jobs.git('init', '--quiet', '--bare', fork);
  await jobs.git('push', '--quiet', fork, `${sha}:refs/heads/change`, `${base}:refs/heads/main`);
  await jobs.git('push', '--quiet', origin, ':refs/heads/theirs');
  const checkout = { sha, repository: 'stranger/fork', home: 'acme/app', ref: 'refs/heads/change', base: 'main' };
  const steps = ['git describe --tags; git rev-parse origin/main; git remote get-url origin; cat b'];
  const [described, main, url, file] = (await printed(steps, checkout)).split('\n');
  expect(described).toMatch(/^v1-1-g/);
  expect([main, url, file]).toEqual([base, origin, 'theirs']);
});

describe('history', () => {
  beforeEach(async () => {
    for (const a of ['1', '2', '3', '4']) await jobs.commit({ a });
  });
  const counted = (options: object) =>
    printed(['git rev-list --count HEAD; git rev-parse --is-shallow-repository; cat a'], { options });

  test('is all there, and with depth as long as it says', async () => {
    expect(await counted({})).toBe('4\nfalse\n4');
    expect(await counted({ depth: 0 })).toBe('4\nfalse\n4');
    expect(await counted({ depth: 1 })).toBe('1\ntrue\n4');
    expect(await counted({ depth: 3 })).toBe('3\ntrue\n4');
    expect(await counted({ depth: 100 })).toBe('4\nfalse\n4');
  });
});
