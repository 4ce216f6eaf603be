import { z } from 'zod';
import type { StatusEvent } from '../../../events/event.js';
import { narrow } from '../../parse.js';
import { branchName, link, repositorySchema, sha, text, toRepository, toSender, userSchema } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

type Told = Omit<StatusEvent, keyof ProviderContext | 'kind' | 'repository' | 'sender'>;

const envelope = { repository: repositorySchema, sender: userSchema.nullish() };

const statusSchema = z.object({
  sha,
  state: z.enum(['pending', 'success', 'failure', 'error']),
  context: text(255),
  target_url: link.nullish(),
  branches: z.array(z.object({ name: branchName })).nullish(),
  ...envelope,
});

/** GitHub's `status`: a commit status was set. Its `error` is a failure to us: the code did not pass. */
export function normaliseStatus(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(statusSchema, payload, 'status');
  const branch = read.branches?.[0]?.name;
  return told(read, context, {
    state: read.state === 'error' ? 'failure' : read.state,
    name: read.context,
    commit: { sha: read.sha },
    ...(branch && { branch }),
    ...(read.target_url && { url: read.target_url }),
  });
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

/** GitHub's `check_run`. */
export function normaliseCheckRun(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(checkRunSchema, payload, 'check_run');
  return told(read, context, ofRun(read.check_run, read.check_run.check_suite?.head_branch));
}

const workflowRunSchema = z.object({ workflow_run: runSchema, ...envelope });

/** GitHub's `workflow_run`: a run of GitHub Actions. */
export function normaliseWorkflowRun(payload: unknown, context: ProviderContext): Normalised {
  const read = narrow(workflowRunSchema, payload, 'workflow_run');
  return told(read, context, ofRun(read.workflow_run, read.workflow_run.head_branch));
}

function ofRun(run: z.output<typeof runSchema>, branch: string | null | undefined): Told {
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

function told(
  {
    repository,
    sender,
  }: { repository: z.output<typeof repositorySchema>; sender?: z.output<typeof userSchema> | null | undefined },
  context: ProviderContext,
  what: Told,
): Normalised {
  return {
    event: { ...context, repository: toRepository(repository), sender: toSender(sender), kind: 'status', ...what },
  };
}
