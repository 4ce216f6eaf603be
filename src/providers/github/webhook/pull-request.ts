import { z } from 'zod';
import { PULL_REQUEST_ACTIONS, type PullRequestAction } from '../../../events/event.js';
import { parsePayload } from '../../parse.js';
import { linkBelow } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';
import { envelope, pullRequestSchema, toEventBase, toPullRequest } from '../shapes.js';

const payloadSchema = z.object({
  action: z.string().regex(/^[\w.:-]{1,100}$/),
  pull_request: pullRequestSchema,
  changes: z.object({ base: z.unknown().optional() }).nullish(),
  ...envelope,
});

/** Reads GitHub's `pull_request`. An action that GitHub has added since is ignored, and the reason names it. */
export function normalisePullRequest(payload: unknown, context: ProviderContext): Normalised {
  const read = parsePayload(payloadSchema, payload, 'pull_request');
  if (!isKnown(read.action)) return { ignored: `no automation can listen to the pull-request action ${read.action}` };
  const pullRequest = toPullRequest(read.pull_request);
  return {
    event: {
      ...toEventBase(read, context),
      kind: 'pull_request',
      action: read.action,
      pullRequest,
      commit: { sha: pullRequest.head.sha, url: linkBelow(pullRequest.url, `commits/${pullRequest.head.sha}`) },
      ...(isElsewhere(read) && { baseChanged: true }),
    },
  };
}

/** Whether it is to be merged somewhere else than before: into another branch, or with the stack that it was put into. */
function isElsewhere({ action, changes }: z.output<typeof payloadSchema>): boolean {
  return action === 'stacked' || (action === 'edited' && Boolean(changes?.base));
}

function isKnown(action: string): action is PullRequestAction {
  return (PULL_REQUEST_ACTIONS as readonly string[]).includes(action);
}
