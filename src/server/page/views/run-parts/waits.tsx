import type { WholeRunAnswer } from '../../../api/contract.js';
import { counted } from '../../counted.js';
import { withQuery } from '../../paths.js';
import { ApprovalForm } from '../parts/approval-form.js';
import { Link } from '../parts/link.js';
import { Section } from '../parts/section.js';
import { Time } from '../parts/time.js';

/** What has to happen before it goes on. */
export function Waits({ answer }: { readonly answer: WholeRunAnswer }) {
  const { run: id, state } = answer;
  const inLane = answer.inLane?.state === 'waits' || answer.inLane?.until !== undefined ? answer.inLane : undefined;
  const { waitsForApproval, waitsForAway, waitsFor = [], retried = [] } = state;
  if (!waitsForApproval && !waitsForAway && !inLane && waitsFor.length + retried.length === 0) return null;
  return (
    <Section id="waits" title="Waits">
      {waitsForApproval !== undefined && (
        <ApprovalForm run={id} sha={waitsForApproval}>
          Code from a fork: somebody has to look at <code>{waitsForApproval}</code> first.
        </ApprovalForm>
      )}
      <ul>
        {inLane && (
          <li>
            {inLane.until === undefined ? 'For a slot of its lane' : 'For more of the same, and begins '}
            {inLane.until !== undefined && <Time at={inLane.until} />}
            {inLane.place !== undefined && (inLane.place === 1 ? ': it is the next' : `: it is number ${inLane.place}`)}
            . <Link to={withQuery('/lanes', { named: inLane.lane })}>{inLane.title}</Link>
          </li>
        )}
        {waitsForAway !== undefined && <li>For what is away, and goes on by itself: {waitsForAway}</li>}
        {waitsFor.map(({ title, until, since }) => (
          <li key={`${title} ${since}`}>
            {until === undefined ? `Ends by ${title}` : `For ${title}, given up `}
            {until !== undefined && <Time at={until} />}
          </li>
        ))}
        {retried.map(({ activity, attempts, error, next }) => (
          <li key={activity}>
            {activity} has failed {attempts === 1 ? 'once' : counted(attempts, 'time')}, and is tried again{' '}
            {next === undefined ? 'now' : <Time at={next} />}: {error}
          </li>
        ))}
      </ul>
    </Section>
  );
}
