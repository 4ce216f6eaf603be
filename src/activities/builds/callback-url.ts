import { Context } from '@temporalio/activity';
import { createCallbackToken } from '../../callback-token.js';
import type { Config } from '../../config/config.js';
import { rememberIssued } from '../../secrets/known-secrets.js';
import { notConfigured, refused } from '../failures.js';

/** What a callback URL sends, and how long. */
export interface CallbackInput {
  /** Name of the signal that it sends to this run. */
  readonly signal: string;
  /** Counts once, whoever calls. */
  readonly id: string;
  /** In milliseconds. */
  readonly validForMs: number;
}

/**
 * Returns the URL that a build reports its end to, the same on every attempt: a service can recognise a repeat by its body too.
 * Undefined where nothing says how others reach the receiver.
 */
export function callbackUrlFor(config: Config, { signal, id, validForMs }: CallbackInput): string | undefined {
  const { publicUrl, callbackKey } = config.server;
  if (!publicUrl) return undefined;
  if (!callbackKey) throw notConfigured('server.callbackKey is not set: callback URLs are signed with it');
  const expiresAt = Context.current().info.scheduledTimestampMs + validForMs;
  const token = createCallbackToken(callbackKey, { workflowId: thisRun(), signal, id, expiresAt });
  // The service may quote it.
  rememberIssued('link', token, expiresAt);
  return `${publicUrl}/callbacks/${token}`;
}

/** Returns the workflow id of the run that the activity belongs to. */
export function thisRun(): string {
  const workflowId = Context.current().info.workflowExecution?.workflowId;
  if (workflowId) return workflowId;
  throw refused('a build can only be triggered by a workflow: its callback signals that workflow');
}
