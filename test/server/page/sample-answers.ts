import type {
  AutomationAnswer,
  AutomationsAnswer,
  DeliveriesAnswer,
  EditAnswer,
  EditableAnswer,
  LanesAnswer,
  ListedRun,
  LogAnswer,
  OutboundAnswer,
  OverviewAnswer,
  ShownApproval,
  ShownAutomation,
  ShownDelivery,
  SourcesAnswer,
  TimelineEntry,
  WholeRunAnswer,
} from '../../../src/server/api/contract.js';
import type { DeliveryRecord, LaneEntryRecord } from '../../../src/store/store.js';
import { pullRequestEvent, pushEvent } from '../../triggers/sample-events.js';

/** Answers of the API in which every field is there that a view may show. */

const RECEIVED = Date.parse('2026-11-24T08:00:00Z');

export const record: DeliveryRecord = {
  id: 'd0c4cf379c504fa5659508320',
  source: 'github',
  key: '7e3a1c52-0000-4000-8000-00000000abcd',
  eventName: 'push',
  receivedAt: RECEIVED,
  headers: { 'user-agent': 'GitHub-Hookshot/044aadd', 'x-github-event': 'push' },
  bodyBytes: 4_711,
  events: [pushEvent(), pullRequestEvent()],
  ignored: 'nobody listens to it',
  verdicts: [
    { automation: 'ci', outcome: 'start', because: 'push to main', workflowId: 'ci/github/1' },
    { automation: 'docs', outcome: 'skip', because: 'no file below docs/', workflowId: 'docs/github/1' },
    { automation: 'release', outcome: 'filtered', because: 'listens to tag, and this is push', part: 1 },
  ],
  dispatches: [
    { workflowId: 'ci/github/1', automation: 'ci', state: 'done', attempts: 1, runId: 'r1' },
    { workflowId: 'docs/github/1', automation: 'docs', state: 'failed', attempts: 3, error: 'no such workflow type' },
    { workflowId: 'docs/github/2', automation: 'docs', state: 'waiting', attempts: 0, place: 2 },
    { workflowId: 'docs/github/3', automation: 'docs', state: 'waiting', attempts: 0, until: RECEIVED + 60_000 },
    {
      workflowId: 'docs/github/4',
      automation: 'docs',
      state: 'superseded',
      attempts: 0,
      supersededBy: 'docs/github/5',
    },
    { workflowId: 'docs/github/6', automation: 'docs', state: 'refused', attempts: 0, because: 'too many wait' },
    { workflowId: 'docs/github/7', automation: 'docs', state: 'pending', attempts: 0 },
  ],
  given: [{ workflowId: 'preview/github/1', title: 'a comment', part: 0, at: RECEIVED, ends: true }],
};

const listed = (run: string, more: Partial<ListedRun>): ListedRun => ({
  ...{ run, runId: `id of ${run}`, automation: 'ci', status: 'running', startedAt: '2026-11-24T08:00:01.000Z' },
  ...{ repository: 'acme/shop', branch: 'main', commit: 'a'.repeat(40), pullRequest: 7, source: 'github' },
  ...{ delivery: record.id, url: 'https://temporal.example/run' },
  ...more,
});

export const runs: readonly ListedRun[] = [
  listed('ci/github/1', {}),
  listed('ci/github/2', { waitsFor: 'approval' }),
  listed('ci/github/3', { status: 'failed', outcome: 'failed', endedAt: '2026-11-24T08:03:21.000Z' }),
  listed('ci/github/4', { status: 'completed', outcome: 'passed', endedAt: '2026-11-24T08:00:05.000Z' }),
  listed('ci/github/5', { status: 'cancelled', outcome: 'superseded', endedAt: '2026-11-24T08:00:05.000Z' }),
];

export const overview: OverviewAnswer = {
  at: '2026-11-24T08:05:00.000Z',
  health: {
    ...{ ready: true, store: 'answers', temporal: 'answers', worker: 'runs', workerSince: '2026-11-24T07:00:00.000Z' },
    ...{ workerCareful: true, waiting: 3, failed: 2 },
  },
  red: runs.slice(2, 3),
  running: runs.slice(0, 1),
  waiting: runs.slice(1, 2),
  counts: { red: 31, running: 17 },
  stuck: [
    {
      ...{ run: 'ci/github/9', automation: 'ci', since: '2026-11-24T06:00:00.000Z' },
      ...{ because: 'its code is gone', helps: 'bring the automation back', url: 'https://temporal.example/stuck' },
    },
  ],
  failedDeliveries: [record],
  arrivals: { perMinute: [0, 1, 5, 2, 0], complete: false },
  sources: [
    {
      ...{ name: 'github', kind: 'github', enabled: true, limited: 12 },
      lastDelivery: { id: record.id, receivedAt: RECEIVED, eventName: 'push' },
      lastLook: { ...listed('reconcile/github', { status: 'completed' }), endedAt: '2026-11-24T08:00:05.000Z' },
    },
    { name: 'stripe', kind: 'stripe', enabled: false },
  ],
};

export const deliveries: DeliveriesAnswer = {
  deliveries: [record, { ...record, id: 'd1', events: [] }],
  next: RECEIVED,
  searched: 'in part',
  limited: { count: 3, last: RECEIVED },
};

export const shown: ShownDelivery = {
  ...record,
  verifiedBy: 'HMAC-SHA256 of the body in `X-Hub-Signature-256`',
  dispatches: record.dispatches.map((dispatch) => ({
    ...dispatch,
    run: {
      status: 'failed',
      ...{ outcome: 'failed', because: 'a step failed', error: 'npm test: exit code 1\nmore' },
      ...{ waitsForApproval: undefined as never, url: 'https://temporal.example/run' },
    },
  })),
  content: { headers: record.headers, body: '{\n  "ref": "refs/heads/main"\n}', isCut: true },
  diff: {
    with: { id: 'd1a2b3c4d5e6f7a8b9c0d1e2f', receivedAt: RECEIVED - 60_000 },
    because: 'one of the bodies has 3 MB, and up to 1 MB is compared',
    headers: { shown: [{ path: 'user-agent', before: '"a"', after: '"b"' }] },
    body: {
      shown: [
        { path: 'ref', after: '"x"' },
        { path: 'topics[]', before: '"y"' },
      ],
      more: 3,
      isCut: true,
    },
  },
};

export const edited: EditableAnswer & { payload: string; judged: EditAnswer; problem: string } = {
  ...{ delivery: record.id, source: 'github', eventName: 'push', text: '{ "ref": "refs/heads/main" }' },
  ...{ payload: '{ "ref": "refs/heads/other" }', problem: 'it is no JSON: line 1, column 2' },
  judged: {
    ...{ delivery: record.id, source: 'github', once: 'once-0000', refused: 'the commit would be another' },
    changed: { shown: [{ path: 'ref', before: '"refs/heads/main"', after: '"refs/heads/other"' }] },
    normalised: { shown: [{ path: 'branch', before: '"main"', after: '"other"' }] },
    original: { eventName: 'push', says: 'push to main', events: [pushEvent()], verdicts: record.verdicts },
    edited: {
      ...{ eventName: 'push', says: 'push to other', events: [pushEvent()], ignored: 'it is a loop' },
      verdicts: [{ automation: 'ci', outcome: 'filtered', because: 'branch other is not in main' }],
    },
  },
};

const approval: ShownApproval = {
  ...{ name: 'production', state: 'open', by: 'anna or team acme/ops', quorum: 2, sha: 'a'.repeat(40) },
  ...{ askedAt: '2026-11-24T08:02:00.000Z', expiresAt: '2026-11-24T12:02:00.000Z' },
  given: [{ login: 'ben', at: '2026-11-24T08:03:00.000Z', how: 'comment' }],
};

const reported = (
  state: 'pending' | 'failure' | 'error',
  second: string,
  more: Pick<TimelineEntry, 'state' | 'endedAt' | 'because'>,
  context = 'hookyard/ci',
): TimelineEntry => ({
  ...{ kind: 'status', name: `${context}: ${state}`, startedAt: `2026-11-24T08:00:${second}.000Z` },
  status: { context, state, description: `is ${state}`, sha: 'a'.repeat(40) },
  ...more,
});

export const wholeRun: WholeRunAnswer = {
  run: 'ci/github/2',
  failing: { job: 'ci', line: 83, by: 'marked', step: 'npm test', text: 'src/a.ts:3:4: error: no such type' },
  about: listed('ci/github/2', { waitsFor: 'approval', startedBy: 'nightly/schedule/1' }),
  ...{ delivery: record.id, automation: 'ci' },
  inLane: {
    ...{ lane: 'ci main', title: 'ci acme/shop main', mode: 'paused', state: 'waits' },
    ...{ since: RECEIVED, changedAt: RECEIVED, place: 2, until: RECEIVED + 60_000 },
  },
  jobs: ['ci'],
  artifacts: [
    {
      ...{ name: 'site', job: 'ci', bytes: 2_000_000, files: 3, untrusted: true },
      ...{ savedAt: '2026-11-24T08:00:50.000Z', expiresAt: '2026-12-24T08:00:50.000Z' },
    },
  ],
  timeline: [
    {
      kind: 'wait',
      name: 'lane',
      startedAt: '2026-11-24T08:00:01.000Z',
      endedAt: '2026-11-24T08:00:09.000Z',
      state: 'passed',
    },
    {
      kind: 'queue',
      name: 'ci: 2 steps',
      startedAt: '2026-11-24T08:00:09.000Z',
      endedAt: '2026-11-24T08:00:10.000Z',
      state: 'passed',
    },
    {
      kind: 'prepare',
      name: 'ci: 2 steps',
      startedAt: '2026-11-24T08:00:10.000Z',
      endedAt: '2026-11-24T08:00:12.000Z',
      state: 'passed',
      runner: 'in a sandbox, without network',
      caches: [
        { key: 'npm-1f', hit: 'older', restored: { key: 'npm-0e', bytes: 5_000_000, durationMs: 800 } },
        { hit: 'none', because: 'pip was not used' },
      ],
    },
    {
      ...{ job: 'ci', number: 1, line: 81 },
      ...{ kind: 'step', name: 'npm test', startedAt: '2026-11-24T08:00:12.000Z', endedAt: '2026-11-24T08:00:50.000Z' },
      ...{ state: 'failed', attempt: 2, because: 'it was killed', summary: '## 12 of 14 passed' },
      step: {
        ...{ name: 'npm test', outcome: 'failed', exitCode: 1, durationMs: 38_000 },
        tests: {
          ...{
            passed: 12,
            failed: 1,
            skipped: 1,
            flaky: 1,
            durationMs: 30_000,
            notes: ['one report could not be read'],
          },
          cases: [
            {
              name: 'adds',
              suite: 'math',
              outcome: 'failed',
              durationMs: 12,
              file: 'src/math.ts',
              line: 7,
              message: '1 is not 2',
            },
            { name: 'subtracts', outcome: 'flaky' },
            { name: 'divides', outcome: 'skipped' },
            { name: 'sums', outcome: 'passed', durationMs: 3_000 },
          ],
        },
        problems: [
          {
            severity: 'error',
            message: 'no such name',
            file: 'src/math.ts',
            line: 9,
            column: 2,
            code: 'TS2304',
            by: 'tsc',
          },
        ],
      },
    },
    { kind: 'activity', name: 'notifySlack', startedAt: '2026-11-24T08:00:50.000Z', state: 'running' },
    reported('pending', '09', { endedAt: '2026-11-24T08:00:10.000Z', state: 'passed' }),
    reported('failure', '50', { endedAt: '2026-11-24T08:00:51.000Z', state: 'passed' }),
    reported('error', '52', { state: 'failed', because: 'GitHub answered 404' }, 'hookyard/ci/other'),
  ],
  state: {
    ...{ status: 'running', outcome: 'failed', because: 'its author says so', url: 'https://temporal.example/run' },
    result: { outcome: 'failed', steps: [{ what: 'job ci', outcome: 'failed' }] },
    ...{
      troubles: ['status refused'],
      error: 'npm test: exit code 1\nnot ok 1\nnot ok 2',
      waitsForApproval: 'b'.repeat(40),
    },
    approvals: [
      approval,
      { ...approval, name: 'staging', state: 'rejected', endedAt: '2026-11-24T08:04:00.000Z', because: 'not today' },
    ],
    waitsForAway: 'GitHub answers 503',
    retried: [{ activity: 'reportStatus', attempts: 3, error: 'no', next: '2026-11-24T08:07:00.000Z' }],
    ledTo: [
      { run: 'deploy/after-ci/1', automation: 'deploy', status: 'completed', outcome: 'passed', by: 'ci/github/2' },
    ],
    waitsFor: [
      { title: 'a comment', since: RECEIVED, until: RECEIVED + 3_600_000 },
      { title: 'its closing', since: RECEIVED, ends: true },
    ],
  },
};

export const runList = { runs, next: 'after-abc' };

const entry: LaneEntryRecord = {
  ...{ workflowId: 'deploy/github/1', automation: 'deploy', state: 'runs' },
  ...{ since: RECEIVED, changedAt: RECEIVED, priority: 3, limit: 1 },
};

export const automationList: AutomationsAnswer = {
  automations: [
    {
      ...{ name: 'ci', file: 'automations/ci.ts', triggers: ['push: branch main', 'by hand'] },
      inputs: [
        { name: 'target', type: 'choice', choices: ['staging', 'production'], default: 'staging' },
        { name: 'count', type: 'number', default: 2, description: 'how many' },
        { name: 'dry', type: 'boolean', optional: true },
        { name: 'why', type: 'string' },
      ],
      recent: { open: 1, counted: 4, passed: 3, p50Ms: 4_200, p95Ms: 61_000, last: runs[2] as ListedRun },
      schedules: [
        {
          cron: '0 3 * * *',
          timezone: 'Europe/Berlin',
          next: ['2026-11-25T02:00:00.000Z', '2026-11-26T02:00:00.000Z'],
        },
        { cron: '0 4 * * *', next: [], paused: true },
      ],
    },
    { name: 'docs', file: 'automations/docs.ts', triggers: ['push'], recent: { open: 0, counted: 0, passed: 0 } },
    { name: 'release', file: 'automations/release.ts', triggers: ['tag'] },
  ],
  away: 'Temporal does not tell of runs in time',
};

export const oneAutomation: AutomationAnswer = {
  ...(automationList.automations[0] as ShownAutomation),
  ...{ runs, away: 'Temporal does not tell of runs in time' },
  addresses: {
    badge: 'https://hooks.example/badges/ci.svg?key=b',
    feed: 'https://hooks.example/automations/ci/feed.atom?key=f',
    monitor: 'https://hooks.example/cc.xml?automation=ci&key=m',
  },
};

export const sourceList: SourcesAnswer = {
  sources: overview.sources.map((source, index) => ({
    ...source,
    verifiedBy: 'HMAC-SHA256 of the body in X-Hub-Signature-256',
    failed:
      index > 0 ? [] : [{ id: record.id, receivedAt: RECEIVED, eventName: 'push', error: 'no such workflow type' }],
    findings: [
      { level: 'ok', says: 'github, verified by HMAC-SHA256; 1 secret' },
      { level: 'problem', says: '12 of its deliveries were answered 429', advice: 'raise sources.github.limit' },
      { level: 'warn', says: 'nothing that could be verified has come in' },
    ],
  })),
};

export const outboundList: OutboundAnswer = {
  messages: [
    {
      ...{ message: 'order-4711', endpoint: 'partner', run: 'ci/github/1', state: 'failing' },
      attempts: [
        { attempt: 2, at: RECEIVED, durationMs: 12, error: 'endpoint partner did not answer' },
        { attempt: 1, at: RECEIVED - 60_000, durationMs: 200, status: 503, answer: 'not now' },
      ],
    },
    {
      ...{ message: 'order-4712', endpoint: 'partner', state: 'delivered' },
      attempts: [{ attempt: 1, at: RECEIVED, durationMs: 12, status: 200, answer: 'thanks' }],
    },
    {
      ...{ message: 'order-4713', endpoint: 'old', run: 'ci/github/2', state: 'refused' },
      attempts: [{ attempt: 1, at: RECEIVED, durationMs: 12, status: 410, answer: '' }],
    },
  ],
  more: true,
  next: RECEIVED,
};

export const laneList: LanesAnswer = {
  lanes: [
    {
      ...{ lane: 'deploy main', title: 'deploy acme/shop main', mode: 'paused', by: 'ada', reason: 'a freeze' },
      changedAt: RECEIVED,
      entries: [
        { ...entry, endsFor: 'deploy/github/2' },
        { ...entry, workflowId: 'deploy/github/3', state: 'aside' },
        { ...entry, workflowId: 'deploy/github/4', state: 'aside', until: RECEIVED + 60_000 },
        { ...entry, workflowId: 'deploy/github/2', state: 'waits', movedBy: 'ben', moveReason: 'a fix' },
        { ...entry, workflowId: 'deploy/github/5', state: 'waits' },
      ],
    },
    { lane: 'ci dev', title: 'ci acme/shop dev', mode: 'open', entries: [{ ...entry, workflowId: 'ci/github/2' }] },
    { lane: 'docs main', title: 'docs acme/shop main', mode: 'draining', by: 'ada', entries: [] },
    { lane: 'ci main', title: 'ci acme/shop main', mode: 'open', entries: [{ ...entry, workflowId: 'ci/github/1' }] },
  ],
  next: 'docs main',
};

const line = (number: number, text: string, more: Partial<LogAnswer['lines'][number]> = {}) => ({
  ...{ number, at: RECEIVED + number * 1_000, stream: 'stdout' as const, step: 'npm test', attempt: 1, text },
  ...more,
});
const LINK = 'https://example.org/docs';

export const log: LogAnswer = {
  ...{ run: 'ci/github/1', job: 'test', jobs: ['test', 'lint'], open: true, extent: { first: 3, last: 900 } },
  steps: [
    {
      ...{ number: 1, name: 'npm ci', attempt: 1, from: 3, to: 80, startedAt: RECEIVED, endedAt: RECEIVED + 9_000 },
      ...{ state: 'passed', said: 'passed in 9.0 s' },
    },
    { number: 2, name: 'npm test', attempt: 2, from: 81, startedAt: RECEIVED + 80_000, state: 'running' },
  ],
  failing: { line: 83, by: 'marked', step: 'npm ci' },
  at: { from: 83, to: 84 },
  lines: [
    { ...line(81, 'step 2 of 2: npm test, attempt 2'), stream: 'note' },
    line(82, 'a needle'),
    line(83, 'src/a.ts:3:4: error: no', { error: true }),
    line(84, 'red and a link', {
      pieces: [{ text: 'red', style: 'c1 bold' }, { text: ' and ' }, { text: 'a link', href: LINK }],
    }),
    line(85, '::group::Install'),
    line(86, 'in it', { stream: 'stderr' }),
    line(87, 'without a step', { step: '' }),
  ],
  groups: [{ title: 'Install', from: 85, to: 86, open: false }],
  search: { kind: 'text', text: 'needle', from: 3, to: 900, line: 82, count: 1 },
};
