import { createHash } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type WorkflowExecutionDescription } from '@temporalio/client';
import { RESEND_WORKFLOW } from '../../../runs/names.js';
import { toPairs } from '../../../runs/search-attributes.js';
import { shellWord } from '../../../runs/shell-word.js';
import { HttpError } from '../../http/http-error.js';
import type { ResendMessageAnswer } from '../contract.js';
import { type NamedMessage, namedMessage } from './named-message.js';
import type { RetryMessageDeps } from './retry.js';
import { askOfRun, messageOf } from './sending-run.js';

/** What {@link resendMessage} asks. */
export interface ResendMessageDeps extends RetryMessageDeps {
  readonly taskQueue: string;
}

/** In bytes: of a message's id that stands in the workflow id as it is. Temporal's SQL set-ups allow 255 in all. */
const MAX_ID = 150;

/**
 * Sends a message that was given up anew: by a run of its own, with the same content and the same `webhook-id`, and with all tries that a
 * message has. One that is being sent so already is left alone. Undefined if no such message was sent. Throws {@link HttpError}: 409 where
 * it is still tried, and where Temporal does not keep what was sent any more; 503 while Temporal is away.
 */
export async function resendMessage(
  { client, store, taskQueue }: ResendMessageDeps,
  body: unknown,
): Promise<ResendMessageAnswer | undefined> {
  const named = await namedMessage(store.attempts, body);
  if (!named) return undefined;
  const gone = `Temporal does not keep what ${named.run} has sent any more: run again what made it`;
  return askOfRun(client, gone, async () => {
    const described = await client.workflow.getHandle(named.run).describe();
    const found = await messageOf(client, described, named);
    if (!found) throw new HttpError(409, gone);
    const run = runOf(named);
    if (found.pending && named.run === run) return { ...named, run, state: 'being sent' as const };
    if (found.pending)
      throw new HttpError(
        409,
        `its run still tries it: npx hookyard outbound retry ${shellWord(named.message)} sends it at once`,
      );
    try {
      await client.workflow.start(RESEND_WORKFLOW, {
        ...{ taskQueue, workflowId: run, args: [found.sent] },
        ...{ workflowIdReusePolicy: 'ALLOW_DUPLICATE', workflowIdConflictPolicy: 'FAIL' },
        staticSummary: `sends ${found.sent.type} to ${named.endpoint} anew`,
        typedSearchAttributes: attributesOf(described),
      });
      return { ...named, run, state: 'sent anew' as const };
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return { ...named, run, state: 'being sent' as const };
      throw error;
    }
  });
}

/** Returns the one workflow id by which a message is sent anew, so that it is not sent twice at a time. */
function runOf({ message, endpoint }: NamedMessage): string {
  const id = `${endpoint}/${message}`;
  const short = Buffer.byteLength(id) <= MAX_ID ? id : createHash('sha256').update(id).digest('hex');
  return `${RESEND_WORKFLOW}/${short}`;
}

/** Returns by what it is found, and forgotten with all else that is kept of a repository, a source or a delivery. */
function attributesOf({ searchAttributes: found }: Pick<WorkflowExecutionDescription, 'searchAttributes'>) {
  const kept = ['HookyardRepository', 'HookyardSource', 'HookyardDelivery'] as const;
  const known = kept.map((name) => [name, found[name]?.[0]?.toString()] as const);
  const isKnown = known.some(([, value]) => value !== undefined);
  // A namespace that does not know the attributes would refuse the run.
  return isKnown ? toPairs({ HookyardAutomation: RESEND_WORKFLOW, ...Object.fromEntries(known) }) : [];
}
