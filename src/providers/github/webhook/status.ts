import { z } from 'zod';
import type { StatusEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { branchName, id, link, sha, text } from '../../shapes.js';
import type { EventBase, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

type StatusFields = Omit<StatusEvent, keyof EventBase | 'kind'>;

const MAX_BRANCHES = 100;

const STATES: Readonly<Record<string, StatusEvent['state']>> = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'failure',
};

const statusSchema = z.object({
  sha,
  state: z.string(),
  context: text(255),
  target_url: link.nullish(),
  branches: z.array(z.object({ name: branchName })).nullish(),
  ...envelope,
});

/**
 * Reads GitHub's `status`: a commit status was set. Its `error` becomes a failure: the code did not pass. The payload
 * lists the repository's branches that have the commit. A commit of none of them may be a fork's.
 */
export function normaliseStatus(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(statusSchema, payload, 'status');
  const state = Object.hasOwn(STATES, read.state) ? STATES[read.state] : undefined;
  if (!state) return { ignored: 'no automation can listen to this state of a status' };
  const listed = (read.branches ?? []).slice(0, MAX_BRANCHES);
  const branches = listed.flatMap(({ name }) => name ?? []);
  const [branch] = branches;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'status',
      state,
      name: read.context,
      commit: { sha: read.sha },
      ...(branch && { branch }),
      ...(branches.length > 1 && { branches }),
      ...(read.target_url && { url: read.target_url }),
      ...(listed.length === 0 && { fork: true as const }),
    },
  };
}

const CONCLUSIONS: Readonly<Record<string, StatusEvent['state']>> = {
  success: 'success',
  neutral: 'success',
  skipped: 'skipped',
  cancelled: 'cancelled',
  failure: 'failure',
  timed_out: 'failure',
  startup_failure: 'failure',
  action_required: 'pending',
  stale: 'cancelled',
};

const runSchema = z.object({
  name: text(255).nullish(),
  head_sha: sha,
  head_branch: branchName,
  status: z.string(),
  conclusion: z.string().nullish(),
  html_url: link.nullish(),
});

const suiteSchema = z.object({ id: id.nullish(), head_branch: branchName });
const sideSchema = z.object({ sha: sha.nullish(), repo: z.object({ id: id.nullish() }).nullish() }).nullish();

const checkRunSchema = z.object({
  action: z.string().nullish(),
  check_run: runSchema.extend({
    check_suite: suiteSchema.nullish(),
    app: z.object({ slug: z.string().nullish() }).nullish(),
    pull_requests: z.array(z.object({ head: sideSchema })).nullish(),
  }),
  ...envelope,
});

/** Reads GitHub's `check_run`. A button that a check shows was pressed: that says nothing of its state. */
export function normaliseCheckRun(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(checkRunSchema, payload, 'check_run');
  const { check_run: run, action } = read;
  if (action === 'requested_action') return { ignored: 'a button of the check was pressed' };
  const branch = run.check_suite?.head_branch;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'status',
      ...toFields(run, { action, branch }),
      ...originOf(read),
    },
  };
}

/** The app whose check runs are jobs of GitHub Actions. */
const ACTIONS = 'github-actions';

/**
 * Returns what a check run tells of its commit's origin. It may be a fork's where its suite names no branch, because GitHub only
 * knows those of its own repository, or where a pull request from elsewhere is listed. The suites of GitHub Actions name a fork's
 * branch as if it were the repository's: there only a pull request of the repository with this very commit tells, and for others
 * GitHub has to be asked. Source: https://docs.github.com/en/rest/checks/runs
 */
function originOf({
  check_run: run,
  repository,
}: z.output<typeof checkRunSchema>): Pick<StatusEvent, 'fork' | 'checkSuite'> {
  const heads = (run.pull_requests ?? []).map(({ head }) => head);
  if (!run.check_suite?.head_branch || heads.some((head) => head?.repo?.id !== repository.id)) return { fork: true };
  if (run.app?.slug !== ACTIONS || heads.some((head) => head?.sha === run.head_sha)) return {};
  const { id: checkSuite } = run.check_suite;
  return checkSuite ? { checkSuite } : { fork: true };
}

const workflowRunSchema = z.object({
  action: z.string().nullish(),
  workflow_run: runSchema.extend({ head_repository: z.object({ id: id.nullish() }).nullish() }),
  ...envelope,
});

/** Reads GitHub's `workflow_run`: a run of GitHub Actions. */
export function normaliseWorkflowRun(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(workflowRunSchema, payload, 'workflow_run');
  const { workflow_run: run, action } = read;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'status',
      ...toFields(run, { action, branch: run.head_branch }),
      ...(isForksWorkflowRun(read) && { fork: true as const }),
    },
  };
}

/** Returns whether a workflow run's commit may be a fork's: its head repository is another one, deleted, or not told. */
function isForksWorkflowRun({ workflow_run: run, repository }: z.output<typeof workflowRunSchema>): boolean {
  return run.head_repository?.id !== repository.id;
}

/**
 * The action that tells of a run's end. Of others, whatever stands there as its conclusion is that of the run before, or, where a
 * check was created with one, comes again with this.
 */
const COMPLETED = 'completed';

function toFields(
  run: z.output<typeof runSchema>,
  { action, branch }: { action: string | null | undefined; branch: string | null | undefined },
): StatusFields {
  const conclusion = run.conclusion ?? '';
  const isConcluded = run.status === 'completed' && (action ?? COMPLETED) === COMPLETED;
  const state = isConcluded && Object.hasOwn(CONCLUSIONS, conclusion) ? CONCLUSIONS[conclusion] : undefined;
  return {
    state: state ?? 'pending',
    name: run.name ?? 'unnamed',
    commit: { sha: run.head_sha },
    ...(branch && { branch }),
    ...(run.html_url && { url: run.html_url }),
  };
}
