import { workflowInfo } from '@temporalio/workflow';
import type { NotedResult, ResultSubject } from '../../activities/contract/index.js';
import { branchOf, pullRequestOf, repositoryOf } from '../../events/accessors.js';
import { type HookyardEvent, rootOf } from '../../events/event.js';
import { store } from '../run/activities.js';
import { currentCell } from '../run/cells/cell.js';
import { nameInCell } from '../run/cells/names.js';
import { resultOrder } from '../run/result-order.js';
import { runEvent } from '../run/run-event.js';
import { runStep } from '../run/step.js';
import { refuseUnknown } from './known-options.js';
import { REQUIRES } from './required-texts.js';

/** What a result is, compared with that of the run before. */
export type Change = 'broken' | 'still broken' | 'fixed';

/**
 * Tells a result, and returns what has changed since the last one that this automation has told on the same branch or pull request:
 * `'broken'`, `'still broken'` or `'fixed'`; undefined where all is well as before, and where a run for something newer has told its
 * result already. A first result that has not passed is `'broken'`. What is not told for `inbox.keepDays` is forgotten.
 *
 * @example
 * import { automation, changeOf, notify, push, runJob, slackText } from 'hookyard/workflow';
 *
 * export const ci = automation({ on: push() }, async (event) => {
 *   const result = await runJob(event, { name: 'test', steps: ['npm test'] });
 *   const change = await changeOf(result);
 *   if (change) await notify.slack('builds', `${slackText(event.branch)} is ${change}: ${result.url}`);
 * });
 */
export async function changeOf(
  result: { readonly passed: boolean },
  options: {
    /** Tells several results of one run apart: each is compared with the one of its name, in a matrix with that of its cell. */
    readonly name?: string;
  } = {},
): Promise<Change | undefined> {
  const event = runEvent();
  if (event === undefined) throw new Error('changeOf(): there is nothing to compare with outside of an automation');
  if (typeof result?.passed !== 'boolean')
    throw new Error('changeOf(): give it what a job, a build or a matrix has returned, or { passed: true } or false');
  refuseUnknown('changeOf', options, { name: true }, REQUIRES);
  const { name } = options;
  const cell = currentCell();
  const whole = cell === undefined ? name : nameInCell(name ?? '', cell);
  const subject = { ...subjectOf(event), ...(whole !== undefined && { name: whole }) };
  const { passed } = result;
  return runStep(
    name === undefined ? 'Change' : `Change of ${name}`,
    async () => changeFrom(await store.noteResult({ ...subject, passed, order: resultOrder(event) }), passed),
    (change) => change ?? 'none to tell of',
  );
}

function changeFrom({ before = true, outdated }: NotedResult, passed: boolean): Change | undefined {
  if (outdated || (before && passed)) return undefined;
  if (passed) return 'fixed';
  return before ? 'broken' : 'still broken';
}

/**
 * A pull request is none of the branch that it comes from: a fork's may be called `main`. Nor does what somebody has edited tell of the
 * branch that it names.
 */
function subjectOf(event: HookyardEvent): ResultSubject {
  const root = rootOf(event);
  const repository = repositoryOf(root);
  const number = pullRequestOf(root);
  const branch = branchOf(root);
  const of =
    number !== undefined
      ? `#${number}`
      : branch !== undefined
        ? `branch ${branch}`
        : root.kind === 'deployment'
          ? `environment ${root.environment}`
          : root.kind;
  return {
    source: root.source,
    ...(repository && { repository: repository.fullName, repositoryId: repository.id }),
    automation: workflowInfo().workflowType,
    of: root.edited ? `${of}, edited` : of,
  };
}
