import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Annotation, AnnotationsToWrite } from '../../../src/providers/api.js';
import { createBitbucketDataCenterApi } from '../../../src/providers/bitbucket-data-center/api/index.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'canary-http-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const REPORT = `/rest/insights/latest/projects/ACME/repos/shop/commits/${SHA}/reports/hookyard%2Fci`;

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['authorization', `Bearer ${TOKEN}`]);
});
afterEach(() => server.close());

const ANNOTATION: Annotation = {
  file: 'src/a.c',
  line: 3,
  severity: 'notice',
  title: 'adds',
  message: 'x'.repeat(3_000),
};

function annotate(change: Partial<AnnotationsToWrite> = {}) {
  const api = { token: { env: 'TOKEN' } };
  const here = { kind: 'bitbucket-data-center' as const, url: server.url, secrets: [{ env: 'HOOK' }], api };
  const source = configOf({ sources: { here } }, { HOOK: 'x', TOKEN }).sources.here;
  if (source?.kind !== 'bitbucket-data-center') throw new Error('no source');
  const written: AnnotationsToWrite = {
    sha: SHA,
    context: 'hookyard/ci',
    id: 'r/5',
    title: '1 error',
    annotations: [ANNOTATION],
    ...change,
  };
  return createBitbucketDataCenterApi({ name: 'here', source, log: pino({ enabled: false }) })
    .repository('ACME/shop')
    .annotate?.(written);
}

const body = { title: 'hookyard/ci: problems', details: '1 error', reporter: 'Hookyard' };
const sent = {
  externalId: '0',
  type: 'BUG',
  severity: 'LOW',
  path: 'src/a.c',
  line: 3,
  message: `adds: ${'x'.repeat(1_993)}…`,
};

test('problems are annotations of a report, in the place of those of an earlier try', async () => {
  server.expects(
    { ask: `PUT ${REPORT}`, sent: { ...body, link: 'https://ui.test/run' }, answer: {} },
    { ask: `DELETE ${REPORT}/annotations`, status: 204 },
    { ask: `POST ${REPORT}/annotations`, sent: { annotations: [sent] }, status: 204 },
  );
  await annotate({ targetUrl: 'https://ui.test/run' });
});

test('none removes the report of those before', async () => {
  server.expects({ ask: `DELETE ${REPORT}`, status: 204 }, { ask: `DELETE ${REPORT}`, status: 404 });
  await annotate({ annotations: [] });
  await annotate({ annotations: [] });
});

test('a server that has no such reports refuses, and nothing more is sent', async () => {
  server.expects({ ask: `PUT ${REPORT}`, sent: body, status: 404, answer: {} });
  await expect(annotate()).rejects.toMatchObject({ kind: 'refused', status: 404 });
});
