import { workflowInfo } from '@temporalio/workflow';
import type { ApprovalSubject } from '../../activities/contract/index.js';
import { code, plain } from '../../events/markdown.js';
import { approversInWords, type GivenApproval, rejectedInWords } from '../../runs/approval.js';
import { shellWord } from '../../runs/shell-word.js';
import { askedContextOf } from '../../runs/status-context.js';
import type { ApprovalEnd, ApprovalRequest } from './approval-request.js';
import { type ProgressStep, progress } from './progress.js';
import { reportInBackground } from './report-status.js';

/** Says on the run's page and on the commit how an approval stands. */
export interface ApprovalReport {
  /** Says who is waited for. */
  waits(subject: ApprovalSubject, given: readonly GivenApproval[]): void;
  /** Says on the run's page that it was approved: the commit is told once the run goes on. */
  approved(given: readonly GivenApproval[]): void;
  /** Says on the commit how the run, which was approved, waits in its lane. */
  queued(subject: ApprovalSubject, given: readonly GivenApproval[], words: string): void;
  ended(subject: ApprovalSubject, end: ApprovalEnd): void;
  /** The run's step. */
  readonly step: ProgressStep;
}

/** Begins to report on an approval. A commit status is written only when its words change. */
export function reportApproval({ name, by, quorum, expires }: ApprovalRequest): ApprovalReport {
  const step = progress.step(`Approval ${name}`);
  let said = '';
  const tell = ({ source, repository, sha }: ApprovalSubject, state: State, description: string) => {
    if (source === undefined || repository === undefined || sha === undefined || said === description) return;
    said = description;
    const context = askedContextOf(workflowInfo().workflowType, name);
    reportInBackground({ source, repository, sha, context, state, description });
  };
  const approved = (given: readonly GivenApproval[]) => step.end('passed', `by ${plain(inWords(given))}`);
  return {
    step,
    approved,
    queued(subject, given, words) {
      tell(subject, 'pending', `${words} (approved by ${inWords(given)})`);
    },
    waits(subject, given) {
      const count = quorum === 1 ? '' : ` (${given.length} of ${quorum})`;
      const whom = `${approversInWords(by)}${count}`;
      const comment = subject.number === undefined ? undefined : `/approve ${name}`;
      const command = code(commandFor(name));
      step.end('running', `waits for ${plain(whom)}: ${comment ? `comment ${code(comment)}, or ${command}` : command}`);
      tell(subject, 'pending', `waits for ${whom}: ${comment ?? 'hookyard approve'}`);
    },
    ended(subject, end) {
      switch (end.state) {
        case 'approved':
          approved(end.by);
          return tell(subject, 'success', `approved by ${inWords(end.by)}`);
        case 'rejected':
          step.end('failed', plain(whyEnded(end) ?? ''));
          return tell(subject, 'failure', whyEnded(end) ?? '');
        case 'expired':
          step.end('cancelled', `expired after ${plain(expires)}`);
          return tell(subject, 'error', `expired after ${expires}`);
        case 'outdated':
          step.end('cancelled', `outdated: ${plain(end.because)}`);
          return tell(subject, 'error', `outdated: ${end.because}`);
        default:
          return end satisfies never;
      }
    },
  };
}

type State = 'pending' | 'success' | 'failure' | 'error';

/** Returns in words why an approval has ended without one. */
export function whyEnded(end: ApprovalEnd): string | undefined {
  if (end.state === 'rejected') return rejectedInWords({ by: inWords([end.rejectedBy]), why: end.why });
  return end.state === 'outdated' ? end.because : undefined;
}

/** Returns the command that approves it: with the run's id, since a shell has no pull request. Default: this run's. */
export function commandFor(name: string, run = workflowInfo().workflowId): string {
  return `hookyard approve ${shellWord(run)} ${shellWord(name)}`;
}

/** Of a status' description, in characters: what is longer is cut. */
const MAX_STATUS = 140;

/** Those whose API tells nobody's rights, so that no comment approves anything there: `tellsPermissions` of their facts. */
export const WITHOUT_COMMANDS: readonly string[] = ['azure-devops', 'gogs'];

/** Returns who approves a commit of a fork, and how, for a commit status. */
export function howToApprove(
  { provider, automation, sha }: { readonly provider: string; readonly automation: string; readonly sha: string },
  run = workflowInfo().workflowId,
): string {
  if (!WITHOUT_COMMANDS.includes(provider))
    return `a person with write access: /approve ${automation} ${sha.slice(0, 12)}`;
  const command = `an operator: hookyard approve ${shellWord(run)}`;
  // A command that is cut names no run.
  return command.length <= MAX_STATUS
    ? command
    : 'an operator: hookyard approve <run>, which hookyard runs --waiting lists';
}

function inWords(given: readonly GivenApproval[]): string {
  return given.map(({ login, how }) => (how === 'operator' ? `the operator ${login}` : login)).join(' and ');
}
