import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, test } from 'vitest';
import type { Annotation, AnnotationsToWrite } from '../../../src/providers/api.js';
import { createGitlabApi } from '../../../src/providers/gitlab/api/index.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'glpat-canary';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const COMMIT = `/api/v4/projects/acme%2Fshop/repository/commits/${SHA}`;
const COMMENTS = `${COMMIT}/comments`;
const LISTED = `GET ${COMMIT}/discussions?page=1&per_page=100`;

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['private-token', TOKEN]);
});
afterEach(() => server.close());

const ANNOTATION: Annotation = {
  file: 'src/a (1).c',
  line: 3,
  column: 5,
  severity: 'error',
  title: 'sum > adds',
  message: 'not *5*',
};

function annotate(annotations: readonly Annotation[]) {
  const here = {
    kind: 'gitlab' as const,
    url: server.url,
    secrets: [{ env: 'HOOK' }],
    api: { token: { env: 'TOKEN' }, account: 'hooky' },
  };
  const source = configOf({ sources: { here } }, { HOOK: 'a secret of sixteen', TOKEN }).sources.here;
  if (source?.kind !== 'gitlab') throw new Error('no source');
  const written: AnnotationsToWrite = { sha: SHA, context: 'hookyard/ci', id: 'r/5', title: '1 error', annotations };
  return createGitlabApi({ name: 'here', source, log: pino({ enabled: false }) })
    .repository('acme/shop')
    .annotate?.(written);
}

/** As comments of the job are marked. */
const CONTEXT = createHash('sha256').update('hookyard/ci').digest('hex').slice(0, 24);
const threadOf = (id: number, body: string, username = 'Hooky') => ({
  id: `d${id}`,
  notes: [{ id, body, author: { username } }],
});
const noteOf = ({ file, line }: Annotation, text: string, marker: string) => ({
  note: `${text}\n\n<!-- hookyard:problem ${marker} of ${CONTEXT} -->`,
  ...{ path: file, line, line_type: 'new' },
});

test('a problem is a comment at its line, in which no text of others has a meaning', async () => {
  const text = `**error** sum &gt; adds\n\nnot \\*5\\*\n\n[\`src/a (1).c:3\`](${server.url}/acme/shop/-/blob/${SHA}/src/a%20%281%29.c#L3)`;
  const sent = noteOf(ANNOTATION, text, '24d47acadbd817acabb000da');
  server.expects({ ask: LISTED, answer: [] });
  server.expects({ ask: `POST ${COMMENTS}`, sent, status: 201, answer: {} });
  await annotate([{ ...ANNOTATION, severity: 'warning' }, ANNOTATION]);
});

test('what our own account has written before is not written again, and what others copy from it does not count', async () => {
  const marker = '<!-- hookyard:problem 24d47acadbd817acabb000da -->';
  server.expects({ ask: LISTED, answer: [threadOf(1, marker)] });
  await annotate([ANNOTATION]);
  server.expects({ ask: LISTED, answer: [threadOf(1, marker, 'eve')] });
  const text = `**error** sum &gt; adds\n\nnot \\*5\\*\n\n[\`src/a (1).c:3\`](${server.url}/acme/shop/-/blob/${SHA}/src/a%20%281%29.c#L3)`;
  server.expects({
    ask: `POST ${COMMENTS}`,
    sent: noteOf(ANNOTATION, text, '24d47acadbd817acabb000da'),
    status: 201,
    answer: {},
  });
  await annotate([ANNOTATION]);
});

test("our own comments of problems that are no more are deleted: of this job, and nobody else's", async () => {
  const old = (mark: string, context = CONTEXT) => `x\n\n<!-- hookyard:problem ${mark} of ${context} -->`;
  const threads = [
    threadOf(1, old('24d47acadbd817acabb000da')),
    threadOf(2, old('0'.repeat(24))),
    threadOf(3, old('0'.repeat(24), '1'.repeat(24))),
    threadOf(4, old('0'.repeat(24)), 'eve'),
    threadOf(5, '<!-- hookyard:problem 000000000000000000000000 -->'),
  ];
  const deleted = (id: number, status = 204) => ({ ask: `DELETE ${COMMIT}/discussions/d${id}/notes/${id}`, status });
  server.expects({ ask: LISTED, answer: threads }, deleted(2));
  await annotate([ANNOTATION]);
  server.expects({ ask: LISTED, answer: threads }, deleted(1), deleted(2, 404));
  await annotate([]);
});
