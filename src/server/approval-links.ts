import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApprovalClaims, readApprovalToken } from '../callback-token.js';
import type { Logger } from '../log.js';
import { ANSWER_SIGNAL, type ApprovalAnswer, whyNotCounted } from '../runs/approval.js';
import { type OpenApproval, openApprovals } from '../runs/approval-records.js';
import type { Secret } from '../secrets/secret.js';
import type { Store } from '../store/store.js';
import { refuseReasonedApproval } from './api/answer-approval.js';
import type { BodyBudget } from './http/body-budget.js';
import { HttpError } from './http/http-error.js';
import { readBody } from './http/read-body.js';
import { sendText, type TextAnswer } from './http/send-json.js';
import type { Limits } from './limits.js';
import { errorOutcome } from './outcome.js';
import type { Page } from './page/page.js';
import type { Shown } from './page/view.js';
import { questionView } from './page/views/approval.js';
import { messageView } from './page/views/message.js';
import { createRefusalLog } from './refusal-log.js';

/** What {@link createApprovalLinks} works with. */
export interface ApprovalLinkDeps {
  readonly callbackKey: Secret;
  readonly inbox: Pick<Store['inbox'], 'signal'>;
  readonly records: Pick<Store['records'], 'list'>;
  readonly log: Logger;
  readonly budget: BodyBudget;
  readonly limits: Limits;
  /** Called when there is something to tell Temporal. */
  readonly wake: () => void;
  readonly show: Page['show'];
  /** Unix ms. */
  readonly now: () => number;
}

const MAX_BYTES = 16 * 1024;
const MAX_WHY = 500;

/**
 * Creates the handlers of `/approvals/<token>`, where a link in a message leads. `GET` asks and changes nothing, since whoever
 * looks at messages for people, for viruses or for a preview, opens links; `POST` answers, once. The token is a secret and is never
 * logged. Whether the answer counts, the run decides.
 */
export function createApprovalLinks(deps: ApprovalLinkDeps) {
  const refusals = createRefusalLog(deps.log);
  const answering =
    (answer: (deps: ApprovalLinkDeps, req: IncomingMessage, token: string) => Promise<TextAnswer>) =>
    async (req: IncomingMessage, res: ServerResponse, token: string): Promise<void> => {
      const page = await answer(deps, req, token).catch((error: unknown) => {
        const { answer: refusal, because, err } = errorOutcome(error);
        if (err !== undefined) deps.log.error({ err }, 'an answer to an approval failed');
        else if (refusals.isLogged({ source: undefined, because }))
          deps.log.warn({ because }, 'nothing was answered by the link of an approval');
        return shown(deps, messageView('Nothing was answered', titleOf(refusal.body)), refusal.status);
      });
      sendText(req, res, page);
    };
  return { ask: answering(ask), take: answering(take) };
}

async function ask(deps: ApprovalLinkDeps, _req: IncomingMessage, token: string): Promise<TextAnswer> {
  const claims = claimsOf(deps, token);
  const { automation, repository, expiresAt } = await waitedFor(deps, claims);
  const { approval, sha, person } = claims;
  return shown(deps, questionView({ name: approval, automation, repository, sha, person: person.login, expiresAt }));
}

async function take(deps: ApprovalLinkDeps, req: IncomingMessage, token: string): Promise<TextAnswer> {
  const claims = claimsOf(deps, token);
  const share = deps.budget.open();
  const limits = { maxBytes: MAX_BYTES, deadlineMs: deps.limits.bodyDeadlineMs };
  const text = await readBody(req, limits, share)
    .then((body) => body.toString('utf8'))
    .finally(() => share.release());
  const form = new URLSearchParams(text);
  const said = form.get('answer');
  if (said !== 'approve' && said !== 'reject') throw new HttpError(400, 'press one of the two buttons');
  const why = (form.get('why') ?? '').slice(0, MAX_WHY);
  refuseReasonedApproval({ approves: said === 'approve', why });
  const open = await waitedFor(deps, claims);
  const { run, approval: name, nth, person, sha, link } = claims;
  const because = whyNotCounted(
    { approves: said === 'approve', how: 'link', person },
    { rules: open, given: open.given },
  );
  if (because !== undefined) throw new HttpError(409, `it does not count: ${because}`);
  const answer: ApprovalAnswer = {
    id: `link/${link}`,
    ...{ name, nth, person, sha, how: 'link', approves: said === 'approve', at: new Date(deps.now()).toISOString() },
    ...(why !== '' && said === 'reject' && { why }),
  };
  const isNew = await deps.inbox.signal({
    id: `approval-link/${link}`,
    workflowId: run,
    signal: ANSWER_SIGNAL,
    payload: answer,
  });
  if (!isNew) throw new HttpError(409, 'this link has been used already');
  deps.wake();
  deps.log.info({ run, approval: name, person: person.login, answer: said }, 'an approval was answered by its link');
  const what = said === 'approve' ? 'approval' : 'rejection';
  const thanks = `Your ${what} of ${name} was handed over. The commit status says what has become of it.`;
  return shown(deps, messageView('Thank you', thanks));
}

/** The address is a secret: where the page leads does not learn it. */
function shown({ show }: ApprovalLinkDeps, view: Shown, status = 200): TextAnswer {
  return show(view, { status, headers: { 'referrer-policy': 'no-referrer' } });
}

/** Throws {@link HttpError}: of an address that is not one, nothing more is told. */
function claimsOf({ callbackKey, now }: ApprovalLinkDeps, token: string): ApprovalClaims {
  const claims = readApprovalToken(callbackKey, token, now());
  if (claims) return claims;
  throw new HttpError(404, 'this link is not valid, or not any more');
}

async function waitedFor({ records }: ApprovalLinkDeps, claims: ApprovalClaims): Promise<OpenApproval> {
  const { run, approval, nth, sha } = claims;
  const open = (await openApprovals(records, run)).find((one) => one.name === approval && one.nth === nth);
  if (open && open.sha === sha) return open;
  throw new HttpError(410, 'nobody waits for this any more: it was answered, has expired, or is outdated');
}

function titleOf(body: unknown): string {
  const { error = 'something went wrong here; it is in the log' } = (body ?? {}) as { readonly error?: string };
  return `${error.charAt(0).toUpperCase()}${error.slice(1)}.`;
}
