import { describe, expect, it } from 'vitest';
import type { EventKind } from '../../../src/events/event.js';
import {
  comment,
  completed,
  cron,
  deployment,
  generic,
  manual,
  mergeGroup,
  pullRequest,
  push,
  release,
  review,
  status,
  tag,
} from '../../../src/triggers/index.js';
import type { Trigger } from '../../../src/triggers/trigger.js';
import { whyNeverBuildable, whyNotBuildable } from '../../../src/workflows/run/buildable.js';

const unbuildable: readonly [Trigger, RegExp][] = [
  [comment(), /a comment event has no commit to check out: .*branchHead.*\/test <automation>/],
  [review(), /a review event has no commit to check out: .*branchHead.*\/test <automation>/],
  [release(), /a release event has no commit to check out: run on tag\(\)/],
  [deployment(), /a deployment event .*branchHead/],
  [status(), /a status event .*branchHead/],
  [generic(), /a generic event .*branchHead/],
  [cron('0 3 * * *', { timezone: 'UTC' }), /a schedule event .*branchHead/],
  [manual(), /a manual event .*branchHead/],
  [completed('ci'), /pass event\.event/],
];
const buildable: readonly Trigger[] = [push(), tag(), pullRequest(), mergeGroup()];

// As the compiler writes them: for the loader, and for the bundle of the workflows.
const functions: readonly string[] = [
  'async (event) => { await runJob(event, { name: "a" }); }',
  'async event=>{await runJob( event , {})}',
  'async (event) => { await (0,hookyard_workflow__WEBPACK_IMPORTED_MODULE_0__.runJob)(event, {}); }',
  'async function build(event$1) { return runJob(event$1, {}); }',
  'function (event, unused) { return kit.runJob(event, {}); }',
];
const others: readonly string[] = [
  'async () => { const event = await branchHead({}); await runJob(event, {}); }',
  'async (event) => { const head = await branchHead({}); await runJob(head, {}); }',
  'async (event) => { await runJob(event.event, {}); }',
  'async ({ repository }) => { await runJob(repository, {}); }',
  'async (event) => { await myrunJob(event, {}); }',
];

describe.each(unbuildable)('an automation on $kind', (trigger, words) => {
  it('that builds its event is told what to do', () => {
    expect(whyNotBuildable(trigger.kind)).toMatch(words);
    for (const fn of functions) expect(whyNeverBuildable([trigger], fn), fn).toMatch(words);
  });

  it('that builds something else, or another event too, is fine', () => {
    for (const fn of others) expect(whyNeverBuildable([trigger], fn), fn).toBeUndefined();
    for (const other of buildable)
      for (const fn of functions) expect(whyNeverBuildable([trigger, other], fn)).toBeUndefined();
  });
});

it('events that bring a commit can be built', () => {
  const kinds: readonly EventKind[] = ['push', 'tag', 'pull_request', 'merge_group'];
  for (const kind of kinds) expect(whyNotBuildable(kind)).toBeUndefined();
  expect(whyNotBuildable('branch_head')).toBeUndefined();
});
