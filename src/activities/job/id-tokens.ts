import type { Config } from '../../config/config.js';
import { type Issuer, signToken } from '../../identity/sign.js';
import { subjectOf } from '../../identity/subject.js';
import { createTokenKeys } from '../../identity/token-keys.js';
import { rememberIssued } from '../../secrets/known-secrets.js';
import { isIdToken } from '../contract/id-token.js';
import type { Checkout, IdToken, RunJobInput, VariableValue } from '../contract/index.js';
import { notConfigured, refused } from '../failures.js';
import { isTrusted } from './trust.js';

/** The job whose steps get tokens. `checkout`: resolved. */
export interface TokenJob {
  readonly input: Pick<RunJobInput, 'name' | 'checkout' | 'timeoutMs' | 'tokenEvent'>;
  readonly automation: string;
  readonly workflowId: string;
  readonly attempt: number;
}

/** Returns the variables of an environment that stand for ID tokens, each with a new one. */
export type SignTokens = (env: Readonly<Record<string, VariableValue>>) => Promise<Record<string, string>>;

const LIFETIME_MS = 10 * 60_000;

/**
 * Returns what signs the ID tokens of a job's steps, each for one step. Throws `NotConfigured` where this installation issues none, and
 * `Refused` for a job that may have none: one whose code may be a stranger's, whether or not its automation trusts it, and one of a
 * payload that somebody has edited. A job that asks for none gets what signs none.
 */
export function createSignTokens({ server }: Pick<Config, 'server'>, job: TokenJob): SignTokens {
  const { input } = job;
  const issuer = input.tokenEvent && issuerOf(server);
  const fixed = input.tokenEvent && { subject: subjectFor(job), claims: claimsOf(job) };
  return async (env) => {
    const signed: Record<string, string> = {};
    for (const [name, { idToken }] of Object.entries(env).filter(isForToken)) {
      // Runs that an older version started do not say what they are about.
      if (!issuer || !fixed)
        throw refused(`env ${name}: the run began before its automation asked for ID tokens: start it anew`);
      const lifetimeMs = Math.min(idToken.lifetimeMs ?? LIFETIME_MS, input.timeoutMs);
      const now = Date.now();
      const token = await signToken(issuer, { ...fixed, audience: idToken.audience, lifetimeMs }, now);
      rememberIssued('idToken', token, now + lifetimeMs);
      signed[name] = token;
    }
    return signed;
  };
}

function isForToken(entry: readonly [string, VariableValue]): entry is [string, IdToken] {
  return isIdToken(entry[1]);
}

function issuerOf({ publicUrl, idTokens }: Config['server']): Issuer {
  if (!idTokens || publicUrl === undefined)
    throw notConfigured(
      'idToken(): this worker issues no ID tokens: set server.idTokens to {} in hookyard.config.ts, and server.publicUrl to https://<your host>, by which relying parties know the issuer',
    );
  return { url: publicUrl, keys: createTokenKeys(idTokens.keys) };
}

/** Returns the subject of a job. Throws `Refused` for one that may have no token. */
function subjectFor({ input: { name, checkout, tokenEvent }, automation }: TokenJob): string {
  const none = (because: string) => refused(`job ${name} gets no ID token: ${because}`);
  if (!isTrusted(checkout))
    throw none(
      "its code may be a stranger's, whoever approved it, and trust: true changes nothing about that. Give idToken() to a job that builds a branch, a tag, or a pull request of the repository's own",
    );
  if (tokenEvent?.edited)
    throw none(
      'somebody has edited the payload that started the run, and no provider has signed what it says now: replay it as it was received',
    );
  const { source, pullRequest, ref } = checkout;
  try {
    return subjectOf({ source, repository: homeOf(checkout), ref: pullRequest ? undefined : ref, automation });
  } catch (error) {
    throw none((error as Error).message);
  }
}

function claimsOf({ input, automation, workflowId, attempt }: TokenJob): Record<string, string> {
  const { checkout, name, tokenEvent } = input;
  const { source, sha, ref = '', pullRequest, base } = checkout;
  const where: Record<string, string> = pullRequest
    ? {
        pull_request: String(pullRequest.number),
        head_ref: pullRequest.head.ref,
        ...(base !== undefined && { base_ref: base }),
      }
    : { ref, ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch' };
  return {
    ...{ source, repository: homeOf(checkout), sha, ...where },
    ...(tokenEvent && { event_name: tokenEvent.name }),
    ...(tokenEvent?.repositoryId !== undefined && { repository_id: tokenEvent.repositoryId }),
    ...{ automation, run_id: workflowId, run_attempt: String(attempt), job: name },
  };
}

/** Of a pull request, the repository that it is made to: some providers keep its head elsewhere. */
function homeOf({ repository, home = repository }: Checkout): string {
  return home;
}
