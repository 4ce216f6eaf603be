import { describe, expect, it } from 'vitest';
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
import { branchDeleted } from '../../../src/triggers/kinds/branch-deleted.js';
import type { Trigger } from '../../../src/triggers/trigger.js';
import { isBuildable, whyNeverBuildable, whyNotBuildable } from '../../../src/workflows/run/buildable.js';

/** Triggers whose events lead nowhere, and what people are told to do. */
const leadingNowhere: readonly [Trigger, RegExp][] = [
  [generic(), /a generic event leads to no commit: pass what headOf\(event, \{ source, repository, ref \}\)/],
  [cron('0 3 * * *', { timezone: 'UTC' }), /a schedule event leads to no commit: pass what headOf\(/],
  [manual(), /a manual event leads to no commit: pass what headOf\(/],
  [branchDeleted(), /a branch deleted event leads to no commit: what it tells of is gone/],
];
const leading: readonly Trigger[] = [comment(), review(), release(), deployment(), status(), completed('ci')];
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

describe.each(leadingNowhere)('an automation on $kind', (trigger, words) => {
  it('that builds its event is told what to do', () => {
    expect(whyNotBuildable(trigger.kind)).toMatch(words);
    for (const fn of functions) expect(whyNeverBuildable([trigger], fn), fn).toMatch(words);
  });

  it('that builds something else, or another event too, is fine', () => {
    for (const fn of others) expect(whyNeverBuildable([trigger], fn), fn).toBeUndefined();
    for (const other of [...buildable, ...leading])
      for (const fn of functions) expect(whyNeverBuildable([trigger, other], fn)).toBeUndefined();
  });
});

it('events that lead to a commit can be built once it has been asked for', () => {
  for (const trigger of leading) {
    expect(isBuildable(trigger)).toBe(false);
    expect(whyNotBuildable(trigger.kind)).toMatch(/brings no commit: pass what headOf\(event\) returns/);
    for (const fn of functions) expect(whyNeverBuildable([trigger], fn)).toBeUndefined();
  }
});

it('events that bring a commit, and what was looked up, can be built', () => {
  const kinds = ['push', 'tag', 'pull_request', 'merge_group', 'branch_head', 'tag_head'] as const;
  for (const kind of kinds) {
    expect(isBuildable({ kind })).toBe(true);
    expect(whyNotBuildable(kind)).toBeUndefined();
  }
});
