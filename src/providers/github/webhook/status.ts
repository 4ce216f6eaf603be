import { z } from 'zod';
import type { StatusEvent } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { branchName, link, sha, text } from '../../shapes.js';
import type { EventBase, Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, toEventBase } from '../shapes.js';

type StatusFields = Omit<StatusEvent, keyof EventBase | 'kind'>;

const statusSchema = z.object({
  sha,
  state: z.enum(['pending', 'success', 'failure', 'error']),
  context: text(255),
  target_url: link.nullish(),
  branches: z.array(z.object({ name: branchName })).nullish(),
  ...envelope,
});

/** Reads GitHub's `status`: a commit status was set. Its `error` becomes a failure: the code did not pass. */
export function normaliseStatus(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(statusSchema, payload, 'status');
  const branch = read.branches?.[0]?.name;
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'status',
      state: read.state === 'error' ? 'failure' : read.state,
      name: read.context,
      commit: { sha: read.sha },
      ...(branch && { branch }),
      ...(read.target_url && { url: read.target_url }),
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

const checkRunSchema = z.object({
  check_run: runSchema.extend({ check_suite: z.object({ head_branch: branchName }).nullish() }),
  ...envelope,
});

/** Reads GitHub's `check_run`. */
export function normaliseCheckRun(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(checkRunSchema, payload, 'check_run');
  const { check_run: run } = read;
  return { event: { ...toEventBase(read, context), kind: 'status', ...toFields(run, run.check_suite?.head_branch) } };
}

const workflowRunSchema = z.object({ workflow_run: runSchema, ...envelope });

/** Reads GitHub's `workflow_run`: a run of GitHub Actions. */
export function normaliseWorkflowRun(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(workflowRunSchema, payload, 'workflow_run');
  const { workflow_run: run } = read;
  return { event: { ...toEventBase(read, context), kind: 'status', ...toFields(run, run.head_branch) } };
}

function toFields(run: z.output<typeof runSchema>, branch: string | null | undefined): StatusFields {
  const conclusion = run.conclusion ?? '';
  const state =
    run.status === 'completed' && Object.hasOwn(CONCLUSIONS, conclusion) ? CONCLUSIONS[conclusion] : undefined;
  return {
    state: state ?? 'pending',
    name: run.name ?? 'unnamed',
    commit: { sha: run.head_sha },
    ...(branch && { branch }),
    ...(run.html_url && { url: run.html_url }),
  };
}
