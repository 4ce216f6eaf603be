import type { TimelineEntry } from '../../../api/contract.js';
import { useAround } from '../../context.js';
import { Badge } from './badge.js';
import { Section } from './section.js';
import { Table } from './table.js';
import { Duration, lengthOf } from './time.js';

/** In ms: what Hookyard does beside a job, and goes well, is not worth a row if it is shorter. */
const SHORT_MS = 1_000;
/** Of a bar's drawing. */
const WIDTH = 1_000;

/** What a run did and waited for, each drawn where it lies in the run's time. */
export function Timeline({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  const { now } = useAround();
  const spans = timeline.map((entry) => {
    const start = Date.parse(entry.startedAt);
    return { entry, start, end: Math.max(start, entry.endedAt === undefined ? now : Date.parse(entry.endedAt)) };
  });
  const shown = spans.filter(
    ({ entry, start, end }) =>
      entry.kind === 'step' || entry.state === 'failed' || end - start >= SHORT_MS || entry.state === 'running',
  );
  const first = Math.min(...spans.map(({ start }) => start));
  const all = Math.max(1, ...spans.map(({ end }) => end - first));
  const steps = spans.filter(({ entry }) => entry.kind === 'step').length;
  if (shown.length === 0) return null;
  return (
    <Section id="steps" title="Steps" count={steps}>
      <div class="times">
        <Table label="What it did, and how long it took" head={['What', 'When', 'Took', 'State']}>
          {shown.map(({ entry, start, end }, index) => (
            <tr key={index}>
              <td>
                <Name entry={entry} />
              </td>
              <td>
                <Bar entry={entry} from={(start - first) / all} to={(end - first) / all} took={end - start} />
              </td>
              <td>
                <Duration ms={end - start} />
              </td>
              <td>
                <State entry={entry} />
              </td>
            </tr>
          ))}
        </Table>
      </div>
    </Section>
  );
}

const WORDS = {
  queue: 'waits for a slot',
  prepare: 'checks out',
  wait: 'waits for',
  step: '',
  activity: '',
} as const satisfies Record<TimelineEntry['kind'], string>;

function Name({ entry: { kind, name } }: { readonly entry: TimelineEntry }) {
  if (kind === 'wait') return <span class="dim">{`waits for ${name === 'lane' ? 'its lane' : `an ${name}`}`}</span>;
  if (kind === 'step') return <span>{name}</span>;
  return (
    <span class="dim">
      {name} {WORDS[kind]}
    </span>
  );
}

function Bar(props: {
  readonly entry: TimelineEntry;
  readonly from: number;
  readonly to: number;
  readonly took: number;
}) {
  const { entry, from, to, took } = props;
  const label = `${entry.name}: ${lengthOf(took)}`;
  const width = Math.max(4, Math.round((to - from) * WIDTH));
  const x = Math.min(WIDTH - width, Math.round(from * WIDTH));
  const isItsKind = entry.state === 'passed' && entry.kind !== 'step';
  return (
    <svg class="time" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <rect class={isItsKind ? entry.kind : entry.state} x={x} y="0" width={width} height="10" />
    </svg>
  );
}

function State({ entry }: { readonly entry: TimelineEntry }) {
  const { state, attempt, because, step } = entry;
  const exit = step?.exitCode === undefined || step.exitCode === 0 ? undefined : `exit code ${step.exitCode}`;
  const words = [because ?? exit, attempt !== undefined && `attempt ${attempt}`, step?.before && 'in the run before'];
  return (
    <>
      <Badge mood={state}>{step?.outcome === 'timed_out' ? 'timed out' : state}</Badge>{' '}
      <span class="dim">{words.filter(Boolean).join(', ')}</span>
    </>
  );
}
