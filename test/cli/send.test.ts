import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startServer } from '../support/harness/http-server.js';
import { pushPayload } from '../support/harness/payloads.js';
import { openPlace, type Place, SECRET } from '../support/harness/place.js';
import { openRepository } from '../support/harness/repository.js';

let place: Place;
let server: LocalServer;
let commit: string;
beforeAll(async () => {
  place = await openPlace({
    sources: `{
      github: { kind: 'github', secrets: [env('HOOK_SECRET')] },
      lab: { kind: 'gitlab', url: 'https://lab.example/git', secrets: [env('HOOK_SECRET')] },
      chat: { kind: 'slack', secrets: [env('HOOK_SECRET')] },
      any: { kind: 'token', secrets: [env('HOOK_SECRET')], header: 'X-Token' },
      unset: { kind: 'github', secrets: [env('NOT_SET')] },
    }`,
    automations:
      "import { automation, generic, push } from 'hookyard/workflow';\nexport const own = automation({ on: [push(), generic()] }, async () => {});\n",
  });
  const repository = await openRepository(place.folder);
  commit = await repository.commit({ 'a.txt': 'a' });
  await repository.git('remote', 'add', 'origin', 'https://lab.example/git/group/sub/app.git');
  server = await startServer(() => ({ status: 202, body: { delivery: 'd1', verdicts: [], runs: [] } }));
});
afterAll(() => server.close());

test('a form is explained, and what comes over standard input', async () => {
  const form = `payload=${encodeURIComponent(JSON.stringify(pushPayload()))}`;
  const file = await place.write('form.txt', form);
  const of = ['explain', '--event', 'push', '--file'];
  const { code, out } = await place.hookyard([...of, file]);
  expect([code, out]).toEqual([0, expect.stringMatching(/would start {2}own/)]);
  expect(await place.hookyard([...of, '-'], {}, undefined, form)).toMatchObject({ code: 0, out });
  expect(await place.hookyard([...of, '-'], {}, undefined, JSON.stringify(pushPayload()))).toMatchObject({ out });
  const command = await place.hookyard(
    ['explain', '--source', 'chat', '--file', '-'],
    {},
    undefined,
    'command=%2Fdeploy&text=now',
  );
  expect(command.out).toContain('Would be  "/deploy" of source chat');
}, 120_000);

test('the last commit of a clone is sent as the provider of the source tells of it, without secrets of others', async () => {
  const { code, err } = await place.hookyard([
    ...['send', '--from', join(place.folder, 'work'), '--source', 'lab', '--url', server.url],
  ]);
  expect([code, err]).toEqual([0, '']);
  const [sent] = server.received;
  expect(sent?.path).toBe('/webhooks/lab');
  expect(sent?.headers).toMatchObject({ 'x-gitlab-event': 'Push Hook', 'x-gitlab-token': SECRET });
  expect(sent?.body).toMatchObject({
    after: commit,
    ref: 'refs/heads/main',
    project: { path_with_namespace: 'group/sub/app', web_url: 'https://lab.example/git/group/sub/app' },
    commits: [{ id: commit, added: ['a.txt'] }],
  });
});

test('a line is printed instead, in which the secret does not stand', async () => {
  const { code, out } = await place.hookyard(['send', '--print', '--source', 'lab', '--url', 'https://h.example']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^printf '%s: %s\\n' 'x-gitlab-token' "\$HOOK_SECRET" \| curl --globoff --request POST 'https:\/\/h\.example\/webhooks\/lab' /,
  );
  expect(out).not.toContain(SECRET);
});

test.each([
  [['--source', 'any'], 'A source of kind token sends no pushes: give the payload with --file'],
  [['release', '--source', 'lab'], 'There is no made-up "release" (only push, tag); give the payload with --file'],
  [['--source', 'unset'], 'Source "unset" has no secret here to sign with: sources.unset.secrets[0]: '],
  [['--from', '/nowhere'], '--from takes the folder of a local clone: /nowhere is none'],
  [['--file', 'x', '--from', 'y'], "option '--from <clone>' cannot be used with option '--file <payload>'"],
])('send %j says what it lacks', async (args, words) => {
  const { code, err } = await place.hookyard(['send', ...args, '--url', server.url]);
  expect(code).toBe(2);
  expect(err).toContain(words);
});
