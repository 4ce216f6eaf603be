import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Annotation, AnnotationsToWrite } from '../../../src/providers/api.js';
import { createBitbucketCloudApi } from '../../../src/providers/bitbucket-cloud/api/index.js';
import { keyOf } from '../../../src/providers/bitbucket-cloud/api/statuses.js';
import { configOf } from '../../support/harness/config.js';
import { type ScriptedApi, scriptedApi } from '../../support/scripted-api.js';

const TOKEN = 'canary-access-token';
const SHA = '16862e368d8ab812e48833b741dad720e48d7e3a';
const KEY = keyOf('hookyard/ci');
const REPORT = `/2.0/repositories/acme/shop/commit/${SHA}/reports/${KEY}`;

let server: ScriptedApi;
beforeEach(async () => {
  server = await scriptedApi(['authorization', `Bearer ${TOKEN}`]);
});
afterEach(() => server.close());

function annotate(annotations: readonly Annotation[], change: Partial<AnnotationsToWrite> = {}) {
  const here = {
    kind: 'bitbucket-cloud' as const,
    secrets: [{ env: 'HOOK' }],
    api: { url: `${server.url}/2.0/`, token: { env: 'TOKEN' } },
  };
  const source = configOf({ sources: { here } }, { HOOK: 'x', TOKEN }).sources.here;
  if (source?.kind !== 'bitbucket-cloud') throw new Error('no source');
  const written: AnnotationsToWrite = {
    sha: SHA,
    context: 'hookyard/ci',
    id: 'r/5',
    title: '1 error',
    annotations,
    ...change,
  };
  return createBitbucketCloudApi({ name: 'here', source, log: pino({ enabled: false }) })
    .repository('acme/shop')
    .annotate?.(written);
}

const annotation = (nr: number): Annotation => {
  return {
    file: 'src/a.c',
    line: nr + 1,
    severity: nr === 0 ? 'error' : 'warning',
    title: 'adds',
    message: `wrong ${nr}\nmore`,
  };
};
const sent = (nr: number) => ({
  ...{ external_id: `${KEY}-${nr}`, annotation_type: 'BUG', severity: nr === 0 ? 'HIGH' : 'MEDIUM' },
  ...{ path: 'src/a.c', line: nr + 1, summary: `adds: wrong ${nr}`, details: `wrong ${nr}\nmore` },
});
const body = { title: 'hookyard/ci: problems', details: '1 error', report_type: 'TEST', reporter: 'Hookyard' };

test('problems are annotations of a report that takes the place of the one before, a hundred at a time', async () => {
  const all = Array.from({ length: 101 }, (_, nr) => nr);
  server.expects(
    { ask: `DELETE ${REPORT}`, status: 404, answer: { type: 'error' } },
    { ask: `PUT ${REPORT}`, sent: { ...body, link: 'https://ui.test/run' }, answer: {} },
    { ask: `POST ${REPORT}/annotations`, sent: all.slice(0, 100).map(sent), answer: [] },
    { ask: `POST ${REPORT}/annotations`, sent: [sent(100)], answer: [] },
  );
  await annotate(all.map(annotation), { targetUrl: 'https://ui.test/run' });
});

test('none removes the report of those before', async () => {
  server.expects({ ask: `DELETE ${REPORT}`, status: 204 }, { ask: `DELETE ${REPORT}`, status: 404 });
  await annotate([]);
  await annotate([]);
});

test('the same problems again leave the same report', async () => {
  for (const status of [404, 204]) {
    server.expects(
      { ask: `DELETE ${REPORT}`, status },
      { ask: `PUT ${REPORT}`, sent: body, answer: {} },
      { ask: `POST ${REPORT}/annotations`, sent: [sent(0)], answer: [] },
    );
    await annotate([annotation(0)]);
  }
  await expect(annotate([annotation(0)], { sha: 'main' })).rejects.toMatchObject({ kind: 'refused' });
});
