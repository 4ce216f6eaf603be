import { expectTypeOf, test } from 'vitest';
import {
  type BranchHead,
  type BuildableEvent,
  type Change,
  changeOf,
  headOf,
  matrix,
  outcome,
  runJob,
  type TagHead,
} from '../../../src/workflows/kit/index.js';
import {
  branchDeletedEvent,
  chainedEvent,
  commentEvent,
  deploymentEvent,
  genericEvent,
  manualEvent,
  releaseEvent,
  reviewEvent,
  scheduleEvent,
  statusEvent,
} from '../../triggers/sample-events.js';

/** What is wrong here is found by the compiler: none of it is called. */
const job = { name: 'a', steps: ['true'] };
const place = { source: 'github', repository: 'acme/app', ref: 'main' };

test('what leads to a commit is built as it is, and what does not has to be told which is meant', () => {
  expectTypeOf(() => headOf(commentEvent())).returns.resolves.toEqualTypeOf<BuildableEvent>();
  for (const leading of [reviewEvent, releaseEvent, deploymentEvent, statusEvent, chainedEvent])
    expectTypeOf(() => runJob(leading(), job)).returns.resolves.toHaveProperty('tries');
  expectTypeOf(() => headOf(manualEvent(), place)).returns.resolves.toEqualTypeOf<BranchHead | TagHead>();
  expectTypeOf(() => headOf(scheduleEvent(), place)).returns.resolves.toEqualTypeOf<BranchHead | TagHead>();
  // @ts-expect-error: a run by hand is about no repository
  expectTypeOf(() => headOf(manualEvent())).toBeFunction();
  // @ts-expect-error: nor is what a service tells
  expectTypeOf(() => runJob(genericEvent(), job)).toBeFunction();
  // @ts-expect-error: a branch that is gone leads to nothing
  expectTypeOf(() => headOf(branchDeletedEvent())).toBeFunction();
});

test('a cell has the values of the matrix, and its result is what the function returns', () => {
  const cells = () =>
    matrix({ node: [20, 24], os: ['linux', 'mac'] }, async (m) => ({ passed: true, at: `${m.os} ${m.node}` }), {
      include: [{ node: 26, os: 'linux' }],
    });
  type Cell = Awaited<ReturnType<typeof cells>>['cells'][number];
  expectTypeOf<Cell['cell']['node']>().toEqualTypeOf<20 | 24 | 26>();
  expectTypeOf<Extract<Cell, { outcome: 'passed' | 'failed' }>['result']>().toEqualTypeOf<{
    passed: boolean;
    at: string;
  }>();
  expectTypeOf<Extract<Cell, { outcome: 'cancelled' }>['because']>().toEqualTypeOf<string>();
  const one = (m: { node: number }) => Promise.resolve(m.node);
  // @ts-expect-error: it has no such value to leave out
  expectTypeOf(() => matrix({ node: [20] }, one, { exclude: [{ node: 24 }] })).toBeFunction();
  // @ts-expect-error: what is added has values for all names
  expectTypeOf(() => matrix({ node: [20], os: ['mac'] }, one, { include: [{ node: 24 }] })).toBeFunction();
});

test('outcomes and changes are words of their own', () => {
  expectTypeOf(() => changeOf({ passed: true })).returns.resolves.toEqualTypeOf<Change | undefined>();
  // @ts-expect-error: only Hookyard knows what was cancelled
  expectTypeOf(() => outcome('cancelled', 'why')).toBeFunction();
  // @ts-expect-error: why is part of it
  expectTypeOf(() => outcome('passed')).toBeFunction();
});
