import type { ShownApproval } from '../../../api/contract.js';
import { ApprovalForm } from '../parts/approval-form.js';
import { Badge, type Mood } from '../parts/badge.js';
import { Section } from '../parts/section.js';
import { Time } from '../parts/time.js';

/** The approvals that a run has asked for, with a form for those that are open. */
export function Approvals({ run, approvals }: { readonly run: string; readonly approvals: readonly ShownApproval[] }) {
  if (approvals.length === 0) return null;
  return (
    <Section id="approvals" title="Approvals" count={approvals.length}>
      {approvals.map((approval) => (
        <Approval key={`${approval.name} ${approval.askedAt}`} run={run} approval={approval} />
      ))}
    </Section>
  );
}

const APPROVALS = {
  open: 'waiting',
  approved: 'passed',
  rejected: 'failed',
  expired: 'failed',
  outdated: 'superseded',
  withdrawn: 'cancelled',
} as const satisfies Record<ShownApproval['state'], Mood>;

function Approval({ run: id, approval }: { readonly run: string; readonly approval: ShownApproval }) {
  const { name, state, by, quorum, sha, given, expiresAt, endedAt, because } = approval;
  const who = given.map(({ login }) => login).join(', ');
  return (
    <>
      <p>
        <Badge mood={APPROVALS[state]}>{state}</Badge> <b>{name}</b> by {by}
        {quorum > 1 && `, ${given.length} of ${quorum}`}
        {who !== '' && `: ${who}`}
        {because !== undefined && `, ${because}`}
        {endedAt === undefined ? ', expires ' : ', '}
        <Time at={endedAt ?? expiresAt} />
      </p>
      {state === 'open' && (
        <ApprovalForm run={id} name={name} sha={sha}>
          {sha !== undefined && (
            <>
              About commit <code>{sha}</code>
            </>
          )}
        </ApprovalForm>
      )}
    </>
  );
}
