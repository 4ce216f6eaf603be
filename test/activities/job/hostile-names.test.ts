import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedRef } from '../../../src/activities/git/names.js';
import type { PushEvent } from '../../../src/events/event.js';
import { github } from '../../../src/providers/github/webhook/index.js';
import { eventsOf, MalformedPayload } from '../../../src/providers/webhook-scheme.js';
import { type Jobs, openJobs } from '../../support/harness/jobs.js';
import { pushPayload } from '../../support/harness/payloads.js';

let jobs: Jobs;
let bare: string;
beforeAll(async () => {
  jobs = await openJobs();
  await jobs.commit({ 'word.txt': 'first\n' });
  bare = join(jobs.folder, 'repositories/acme/app.git');
});
afterAll(() => jobs.close());

/** What GitHub would tell of a push, as our event. */
function pushOf(branch: string, sha: string): PushEvent {
  const payload = pushPayload({ ref: `refs/heads/${branch}`, after: sha });
  const answer = github({ secrets: [] }).normalise(payload, 'push', {
    source: 'github',
    deliveryId: 'd0',
    receivedAt: '2026-11-24T08:00:00.000Z',
  });
  const [event] = 'ignored' in answer ? [] : eventsOf(answer);
  if (event?.kind !== 'push') throw new Error('this is no push');
  return event;
}

/** Every file called so, in the folders that a job could reach. */
async function found(name: string): Promise<string[]> {
  const below = await readdir(jobs.folder, { recursive: true });
  const here = await readdir(process.cwd());
  return [...below, ...here].filter((path) => path.split('/').at(-1) === name);
}

// Blanks are nothing that git allows in a name, so these do without.
test.each([
  '$(touch$IFS$9pwned)',
  '`touch$IFS$9pwned`',
  ';id',
  ';touch$IFS$9pwned',
  '-x',
  '--upload-pack=touch$IFS$9pwned',
  '"quoted"-and-\'twice\'',
  'ünï-商-🎉',
  '\u202egnp.exe',
  '%2e%2e',
  '$HOME',
  '<b>bold</b>',
  '{fullName}',
  'HEAD',
  '__proto__',
])('%s is plain text from the push to the log, and runs nothing', async (branch) => {
  const sha = await jobs.git('commit-tree', '-m', `of ${branch}`, 'HEAD^{tree}');
  await jobs.git('push', '--quiet', bare, `${sha}:refs/objects/${sha}`);
  // Where git's commands for people refuse a name, its plumbing takes it.
  await execa('git', ['--git-dir', bare, 'update-ref', `refs/heads/${branch}`, sha]);
  const event = pushOf(branch, sha);
  expect(event.branch).toBe(branch);
  const before = (await jobs.lines()).length;
  const { passed, lines, tail } = await jobs.run({
    name: 'test',
    steps: ['printf "%s\\n" "$BRANCH"; git log -1 --format=%s; test "$HOOKYARD_REF" = "refs/heads/$BRANCH"'],
    env: { BRANCH: event.branch },
    checkout: { sha: event.commit.sha, ref: event.ref },
  });
  const shown = lines.slice(before).filter(({ stream }) => stream !== 'note');
  expect(shown.map(({ text }) => text)).toEqual([branch, `of ${branch}`]);
  expect(tail).toContain(branch);
  expect(passed).toBe(true);
  expect(await found('pwned')).toEqual([]);
});

test.each(['$(touch pwned)', 'a..b', 'a\nb', 'x.lock', '@{-1}', '../x', 'a//b', 'x/', 'a~b', 'nul\u0000l'])(
  '%j is refused before there is an event, and where git would be given it',
  async (branch) => {
    const made = execa('git', [
      '--git-dir',
      bare,
      'update-ref',
      `refs/heads/${branch.replace('\u0000', '\u0001')}`,
      'HEAD',
    ]);
    await expect(made).rejects.toThrow(/refusing to update ref with bad name|invalid ref format/);
    expect(() => pushOf(branch, 'a'.repeat(40))).toThrow(MalformedPayload);
    expect(() => checkedRef(`refs/heads/${branch}`)).toThrow('is not a ref that git allows');
    expect(await found('pwned')).toEqual([]);
  },
);
