import type { ReportedStatus, TimelineEntry } from '../../../api/contract.js';
import { Badge, type Mood } from './badge.js';
import { Fold } from './details.js';
import { Section } from './section.js';
import { Table } from './table.js';
import { Time } from './time.js';

/** A report of a commit status. */
type Reported = TimelineEntry & { readonly status: ReportedStatus };

/** What a run has reported on commits: of each status the last, and beneath them those before. */
export function Statuses({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  const reported = timeline.filter((entry): entry is Reported => entry.status !== undefined);
  const last = new Map(reported.map((entry) => [nameOf(entry), entry]));
  const latest = [...last.values()];
  const before = reported.filter((entry) => !latest.includes(entry));
  if (latest.length === 0) return null;
  return (
    <Section id="statuses" title="Statuses reported" count={latest.length}>
      <Rows label="Commit statuses, as it has reported them last" reported={latest} />
      {before.length > 0 && (
        <Fold name="statuses before" line={before.length === 1 ? 'One before' : `${before.length} before`}>
          <Rows label="What it had reported before" reported={before} />
        </Fold>
      )}
    </Section>
  );
}

function nameOf({ status: { sha, context } }: Reported): string {
  return JSON.stringify([sha, context]);
}

function Rows({ label, reported }: { readonly label: string; readonly reported: readonly Reported[] }) {
  return (
    <Table label={label} head={['Says', 'Status', 'Description', 'When', 'On the commit']}>
      {reported.map((entry, index) => (
        <tr key={index}>
          <td>
            <Badge mood={MOODS[entry.status.state]}>{entry.status.state}</Badge>
          </td>
          <td>
            <bdi>{entry.status.context}</bdi> <code class="dim">{entry.status.sha.slice(0, 7)}</code>
          </td>
          <td>{entry.status.description}</td>
          <td>
            <Time at={entry.endedAt ?? entry.startedAt} />
          </td>
          <td>
            <Written entry={entry} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

const MOODS = {
  pending: 'waiting',
  success: 'passed',
  failure: 'failed',
  error: 'failed',
  skipped: 'skipped',
} as const satisfies Record<ReportedStatus['state'], Mood>;

/** Whether the provider has it, and why not: what a status says is not whether it was taken. */
function Written({ entry: { state, because, status } }: { readonly entry: Reported }) {
  if (state === 'failed') return <>refused: {because}</>;
  if (status.notWritten !== undefined) return <>not written: {status.notWritten}</>;
  if (state === 'running') return <>{because === undefined ? 'being written' : `not yet: ${because}`}</>;
  return <>{state === 'cancelled' ? 'the run ended before' : 'written'}</>;
}
