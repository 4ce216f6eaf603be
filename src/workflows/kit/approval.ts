import { type Duration, msToNumber } from '@temporalio/common/lib/time.js';
import { patched } from '@temporalio/workflow';
import type { HookyardEvent } from '../../events/event.js';
import { plain } from '../../events/markdown.js';
import { approversInWords, type GivenApproval, isSamePerson, type Person, readApprover } from '../../runs/approval.js';
import { type OptionCheck, readOptions, TriggerError, yesOrNo } from '../../triggers/options.js';
import { provider } from '../run/activities.js';
import { placeOfLink } from '../run/approval-links.js';
import { commandFor } from '../run/approval-report.js';
import type { ApprovalRequest, Asked } from '../run/approval-request.js';
import { progress } from '../run/progress.js';
import { requestApproval } from '../run/request-approval.js';
import { runEvent } from '../run/run-event.js';
import { offTheClock } from '../run/time-limit.js';
import type { BranchHead, TagHead } from './buildable-event.js';

/** What is to be approved, by whom, and for how long. */
export interface ApprovalOptions {
  /** What people call it in their answers, `production` for example: 1 to 50 letters, digits, `.`, `_` or `-`. */
  readonly name: string;
  /**
   * Who may approve: logins, `id:<the provider's id of an account>`, `team:acme/ops` (a group at GitLab), or
   * `permission:read`, `permission:write`, `permission:admin` for whoever has that in the repository. Default:
   * `permission:write`.
   */
  readonly by?: readonly string[];
  /** How many different people have to approve, 1 to 20. Default 1. */
  readonly quorum?: number;
  /** When the wait ends by itself, a year at most. Default 14 days. */
  readonly expires?: Duration;
  /** How often people are asked again, 50 times at most. Default: never. */
  readonly remind?: Duration;
  /**
   * Asks people, at first and at each reminder, by a message for example. Default: reminders are comments on the pull request, if
   * it is about one; at first the commit status says it.
   */
  readonly ask?: (asking: ApprovalAsking) => unknown;
  /** Whether those count whose change it is: who caused the event, opened the pull request, or wrote the last commit. Default: no. */
  readonly allowAuthor?: boolean;
  /**
   * Whether an operator, who has the API's token, counts as one more person, whatever `by` says. All operators are one. Default: yes.
   */
  readonly operators?: boolean;
  /** What is to be approved. Default: the event of the run. */
  readonly of?: HookyardEvent | BranchHead | TagHead;
}

/** What `ask` is given. */
export interface ApprovalAsking {
  readonly name: string;
  /** Who may approve, in words. */
  readonly by: string;
  /** The command that approves it, where there is a shell. */
  readonly command: string;
  /** 0 at first, then counted from 1. */
  readonly reminder: number;
  /**
   * Returns a link for one person, a login or `id:…`, for the text of a message that goes to them alone: whoever has it answers
   * for them, once. The text says something else until `notify` sends it. Throws {@link TriggerError} for who is not asked, and for
   * an id that `by` does not name: teams and permissions go by logins. An answer by an id does not count where an author, or
   * somebody who has approved, is known by the login alone: they may be one person.
   */
  link(person: string): string;
}

/** How an approval has ended. `approved` is true for the first alone. */
export type ApprovalResult =
  | { readonly state: 'approved'; readonly approved: true; readonly by: readonly GivenApproval[] }
  | {
      readonly state: 'rejected';
      readonly approved: false;
      /** Who had approved by then. */
      readonly by: readonly GivenApproval[];
      readonly rejectedBy: GivenApproval;
      /** Empty where nobody said. Text of a stranger: goes through `plain` or `slackText`. */
      readonly why: string;
    }
  | { readonly state: 'expired'; readonly approved: false; readonly by: readonly GivenApproval[] }
  /**
   * New code was pushed, or the pull request closed: what was asked for is not what is there. Closing cancels the run, unless its
   * automation has `cancelOnClose: false`.
   */
  | {
      readonly state: 'outdated';
      readonly approved: false;
      readonly by: readonly GivenApproval[];
      readonly because: string;
    };

/**
 * Waits until people have approved what the run is about, and returns how that has ended: approved, rejected, expired, or outdated
 * by a new push. They answer by a comment on the pull request (`/approve production`, `/reject production <why>`), by `hookyard
 * approve` or `hookyard reject`, by a link in a message, or by the API. The author of a change does not count. A run that waits costs nothing, gives up its slot in
 * its lane, and keeps its place.
 *
 * Throws {@link TriggerError} for options that make no sense, an `ApplicationFailure` where the provider has no teams.
 *
 * @example
 * import { approval, automation, push, runJob } from 'hookyard/workflow';
 *
 * export const deploy = automation({ on: push({ branches: ['main'] }) }, async (event) => {
 *   await runJob(event, { name: 'staging', steps: ['npm ci', 'npm run deploy -- staging'] });
 *   const answer = await approval({ name: 'production', by: ['anna', 'team:acme/ops'], expires: '4 hours', remind: '1 hour' });
 *   if (!answer.approved) return;
 *   await runJob(event, { name: 'production', steps: ['npm ci', 'npm run deploy -- production'] });
 * });
 */
export function approval(options: ApprovalOptions): Promise<ApprovalResult> {
  const request = readRequest(options);
  const reached = offTheClock(() => requestApproval(request)).then(
    (end): ApprovalResult =>
      end.state === 'approved' ? { ...end, approved: true as const } : { ...end, approved: false as const },
  );
  return progress.track(reached);
}

const DEFAULT_EXPIRES = '14 days';
const IN_REACH = 'approvals-in-reach';
const YEAR_MS = 366 * 24 * 3_600_000;

function readRequest(options: ApprovalOptions): ApprovalRequest {
  const read = readOptions<ApprovalOptions>('approval', options, {
    name: (value) => (typeof value === 'string' && /^[\w.-]{1,50}$/.test(value) ? undefined : NAME),
    by: approvers,
    quorum: (value) => (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 20 ? undefined : QUORUM),
    expires: within(1_000, 'a length of time of a second to a year, such as "4 hours"'),
    remind: within(1_000, 'a length of time of a second to a year, such as "1 hour"'),
    ask: (value) => (typeof value === 'function' ? undefined : 'a function that asks people'),
    allowAuthor: yesOrNo,
    operators: yesOrNo,
    of: (value) => (typeof value === 'object' && value !== null && 'kind' in value ? undefined : 'an event'),
  });
  if (read.name === undefined) throw new TriggerError('approval(): "name" is missing: what is it that people approve?');
  const of = read.of ?? runEvent();
  if (of === undefined) throw new TriggerError('approval() belongs into the function of an automation');
  const { name, by = ['permission:write'], quorum = 1, expires = DEFAULT_EXPIRES, remind, ask } = read;
  const people = by.map(readApprover);
  if (
    people.every((one) => one?.kind === 'person' || one?.kind === 'account') &&
    read.operators === false &&
    by.length < quorum
  )
    throw new TriggerError(`approval(): "quorum" is ${quorum}, and "by" names ${by.length} alone`);
  // Runs that an older version started wait until it expires.
  if (mostThatMay(by, read.operators ?? true) < quorum && patched(IN_REACH))
    throw new TriggerError(
      `approval(): "quorum" is ${quorum}, and "by" names fewer different people${read.operators === false ? '' : ', with all operators, who are one'}`,
    );
  return {
    ...{ name, of, by, quorum },
    allowAuthor: read.allowAuthor ?? false,
    operators: read.operators ?? true,
    expires: typeof expires === 'number' ? `${expires / 1_000} seconds` : expires,
    expiresMs: msToNumber(expires),
    remindMs: remind === undefined ? undefined : msToNumber(remind),
    ask: (asked) => {
      const asking: ApprovalAsking = {
        ...{ name, by: approversInWords(by), command: commandFor(name), reminder: asked.reminder },
        link: (person) => {
          const { nth, expiresAt, approvable } = asked;
          return placeOfLink({ name, nth, expiresAt, person: personIn(by, person), sha: approvable.subject.sha });
        },
      };
      return ask === undefined ? comment(asking, asked) : Promise.resolve(ask(asking));
    },
  };
}

/** Returns how many people may approve at most. */
function mostThatMay(by: readonly string[], operators: boolean): number {
  const people = by.map(readApprover);
  if (people.some((one) => one?.kind === 'team' || one?.kind === 'permission')) return Number.POSITIVE_INFINITY;
  const names = people.map((one) =>
    one?.kind === 'person' ? one.login.toLowerCase() : one?.kind === 'account' && one.id,
  );
  return new Set(names).size + (operators ? 1 : 0);
}

/** Returns whom a link is for. Throws {@link TriggerError} for somebody who is not asked. */
function personIn(by: readonly string[], named: string): Person {
  const person = readApprover(named);
  const people = by.map(readApprover);
  const isAsked = people.some(
    (one) =>
      ((one?.kind === 'team' || one?.kind === 'permission') && person?.kind !== 'account') ||
      (one?.kind === 'person' && person?.kind === 'person' && isSamePerson(one, person)) ||
      (one?.kind === 'account' && person?.kind === 'account' && one.id === person.id),
  );
  if (!isAsked || !person)
    throw new TriggerError(
      `approval(): there is no link for "${named}", whom "by" does not name${person?.kind === 'account' ? ': teams and permissions go by logins' : ''}`,
    );
  if (person.kind === 'person') return { login: person.login };
  if (person.kind === 'account') return { login: person.id, id: person.id };
  throw new TriggerError(`approval(): a link is for one person, and "${named}" may be several`);
}

/** Reminds people on the pull request. What is said at first, the commit status says. */
async function comment({ name, by, reminder }: ApprovalAsking, { approvable, expiresAt }: Asked): Promise<void> {
  const { source, repository, number } = approvable.subject;
  if (reminder === 0 || source === undefined || repository === undefined || number === undefined) return;
  const until = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ');
  const body = `**${plain(name)}** waits for ${plain(by)} until ${until} UTC: \`/approve ${name}\` or \`/reject ${name} <why>\``;
  await provider.writeComment({ source, repository, number, body });
}

const NAME = '1 to 50 letters, digits, ".", "_" or "-"';
const QUORUM = 'a whole number from 1 to 20';

const approvers: OptionCheck = (value) => {
  if (!Array.isArray(value) || value.length === 0 || value.length > 50)
    return 'a list of 1 to 50 people, teams or permissions';
  const wrong = value.find((entry) => typeof entry !== 'string' || readApprover(entry) === undefined);
  return wrong === undefined
    ? undefined
    : `a list of logins, "id:…", "team:…", "permission:read", "permission:write" or "permission:admin" (and ${JSON.stringify(wrong)} is none)`;
};

function within(least: number, words: string): OptionCheck {
  return (value) => {
    try {
      const ms = msToNumber(value as Duration);
      return ms >= least && ms <= YEAR_MS ? undefined : words;
    } catch {
      return words;
    }
  };
}
