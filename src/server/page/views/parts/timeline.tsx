import type { ShownCache, TimelineEntry } from '../../../api/contract.js';
import { useAround } from '../../context.js';
import { logPath } from '../../paths.js';
import { sizeOf } from '../../size.js';
import { Badge } from './badge.js';
import { Link } from './link.js';
import { Section } from './section.js';
import { Table } from './table.js';
import { Duration, lengthOf } from './time.js';

/** In ms: what Hookyard does beside a job, and goes well, is not worth a row if it is shorter. */
const SHORT_MS = 1_000;
/** Of a bar's drawing. */
const WIDTH = 1_000;

/** What a run did and waited for, each drawn where it lies in the run's time. */
export function Timeline(props: {
  readonly run: string;
  readonly timeline: readonly TimelineEntry[];
  /** It did more than that. */
  readonly isCut: boolean;
}) {
  const { run, timeline, isCut } = props;
  const { now } = useAround();
  const spans = timeline.filter(isDrawn).map((entry) => {
    const start = Date.parse(entry.startedAt);
    return { entry, start, end: Math.max(start, entry.endedAt === undefined ? now : Date.parse(entry.endedAt)) };
  });
  const shown = spans.filter(
    ({ entry, start, end }) =>
      entry.kind === 'step' ||
      entry.runner !== undefined ||
      entry.caches !== undefined ||
      entry.state === 'failed' ||
      end - start >= SHORT_MS ||
      entry.state === 'running',
  );
  const first = Math.min(...spans.map(({ start }) => start));
  const all = Math.max(1, ...spans.map(({ end }) => end - first));
  const steps = spans.filter(({ entry }) => entry.kind === 'step').length;
  const red = timeline.filter((entry) => isWhyRed(entry, timeline));
  if (shown.length === 0) return null;
  return (
    <Section id="steps" title={steps > 0 ? 'Steps' : 'What it did'} count={steps > 0 && !isCut ? steps : undefined}>
      <div class="times">
        <Table label="What it did, and how long it took" head={['What', 'When', 'Took', 'State']}>
          {byJob(shown).map(({ entry, start, end }, index) => (
            <tr key={index}>
              <td>
                <Name run={run} entry={entry} isRed={red.includes(entry)} keys={entry === red[0] ? 'f' : undefined} />
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
      {isCut && (
        <p class="note">
          It did more than is shown: what failed is here, and of all else what began first. The logs of its jobs have
          all of it.
        </p>
      )}
      <Legend classes={new Set(shown.map(({ entry }) => colourOf(entry)))} />
    </Section>
  );
}

/** Puts what is of one job together, where the first of it began. */
function byJob<S extends { readonly entry: Drawn; readonly start: number }>(spans: readonly S[]): readonly S[] {
  const began = new Map<string, number>();
  for (const { entry, start } of spans)
    if (entry.job !== undefined && !began.has(entry.job)) began.set(entry.job, start);
  const place = ({ entry, start }: S) => (entry.job === undefined ? start : (began.get(entry.job) ?? start));
  return spans.toSorted(
    (a, b) => place(a) - place(b) || (a.entry.job ?? '').localeCompare(b.entry.job ?? '') || a.start - b.start,
  );
}

/** Returns whether the log of an entry's job opens where this step has failed: it is the last that did, and was not tried again. */
function isWhyRed(entry: TimelineEntry, timeline: readonly TimelineEntry[]): boolean {
  if (entry.line === undefined || entry.state !== 'failed') return false;
  const steps = timeline.filter(({ kind, job }) => kind === 'step' && job === entry.job);
  const isLast = (same: (one: TimelineEntry) => boolean) => steps.findLast(same) === entry;
  return isLast(({ state }) => state === 'failed') && isLast(({ number }) => number === entry.number);
}

type DrawnKind = Exclude<TimelineEntry['kind'], 'status'>;

/** Whether an entry is drawn: what is reported has a table of its own. */
function isDrawn(entry: TimelineEntry): entry is Drawn {
  return entry.kind !== 'status';
}

/** An entry that has a row. */
type Drawn = TimelineEntry & { readonly kind: DrawnKind };

const WORDS = {
  queue: 'waits for a slot',
  prepare: 'checks out',
  wait: 'waits for',
  step: '',
  activity: '',
} as const satisfies Record<DrawnKind, string>;

/** A step leads to its place in the log. `isRed`: where the log says why, at which it opens by itself. */
function Name(props: {
  readonly run: string;
  readonly entry: Drawn;
  readonly isRed: boolean;
  readonly keys: string | undefined;
}) {
  const { run, entry, isRed, keys } = props;
  const { kind, name, job, line } = entry;
  if (kind === 'wait') return <span class="dim">{`waits for ${name === 'lane' ? 'its lane' : `an ${name}`}`}</span>;
  if (job === undefined)
    return kind === 'step' ? <span>{name}</span> : <span class="dim">{`${name} ${WORDS[kind]}`}</span>;
  const own = kind === 'step' ? name.replace(`${job}: `, '') : WORDS[kind];
  const to = logPath({ run, job, ...(!isRed && line !== undefined && { line }) });
  return (
    <>
      <span class="dim">{job} › </span>
      {line === undefined ? (
        <span class={kind === 'step' ? undefined : 'dim'}>{own}</span>
      ) : (
        <Link to={to} keys={keys}>
          {own}
        </Link>
      )}
    </>
  );
}

function Bar(props: { readonly entry: Drawn; readonly from: number; readonly to: number; readonly took: number }) {
  const { entry, from, to, took } = props;
  const label = `${entry.name}: ${lengthOf(took)}`;
  const width = Math.max(4, Math.round((to - from) * WIDTH));
  const x = Math.min(WIDTH - width, Math.round(from * WIDTH));
  return (
    <svg class="time" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <rect class={colourOf(entry)} x={x} y="0" width={width} height="10" />
    </svg>
  );
}

/** Returns the class of a bar: its kind while it goes well, else how it stands. */
function colourOf(entry: Drawn): Drawn['kind'] | Exclude<Drawn['state'], 'unknown'> {
  if (entry.state === 'unknown') return 'skipped';
  return entry.kind !== 'step' && (entry.state === 'passed' || isWait(entry)) ? entry.kind : entry.state;
}

/** What the colours of bars mean. Several mean the same and look so. */
const COLOURS = [
  { words: 'waits for a slot', of: ['queue'] },
  { words: 'waits for a lane, a person or an event', of: ['wait'] },
  { words: 'checkout and calls', of: ['prepare', 'activity'] },
  { words: 'step that passed', of: ['passed'] },
  { words: 'failed', of: ['failed'] },
  { words: 'goes on', of: ['running'] },
  { words: 'cancelled, skipped or not known', of: ['cancelled', 'skipped'] },
] as const;

/** Tells what those colours mean that are there. */
function Legend({ classes }: { readonly classes: ReadonlySet<string> }) {
  const shown = COLOURS.filter(({ of }) => of.some((one) => classes.has(one)));
  return (
    <ul class="strip legend" aria-label="What the colours mean">
      {shown.map(({ words, of: [colour] }) => (
        <li key={words}>
          <svg class="time" viewBox="0 0 10 10" aria-hidden="true">
            <rect class={colour} width="10" height="10" />
          </svg>{' '}
          {words}
        </li>
      ))}
    </ul>
  );
}

/** What goes on and is no work: nobody has to wonder what it does. */
function isWait({ kind, state }: TimelineEntry): boolean {
  return (kind === 'wait' || kind === 'queue') && state === 'running';
}

function State({ entry }: { readonly entry: TimelineEntry }) {
  const { state, attempt, because, step } = entry;
  const exit = step?.exitCode === undefined || step.exitCode === 0 ? undefined : `exit code ${step.exitCode}`;
  if (isWait(entry)) return <Badge mood="waiting">waits</Badge>;
  const cached = entry.caches?.map(cacheInWords) ?? [];
  const words = [
    entry.runner !== undefined && `runs ${entry.runner}`,
    ...cached,
    because ?? exit,
    attempt !== undefined && `attempt ${attempt}`,
    step?.before && 'in the run before',
  ];
  return (
    <>
      <Badge mood={state}>{step?.outcome === 'timed_out' ? 'timed out' : state}</Badge>{' '}
      <span class="dim">{words.filter(Boolean).join(', ')}</span>
    </>
  );
}

function cacheInWords({ key, restored, saved, because }: ShownCache): string {
  if (key === undefined) return `cache ${because ?? 'not used'}`;
  const from = restored && restored.key !== key ? ` as ${restored.key}` : '';
  const got = restored ? `restored${from}, ${movedInWords(restored)}` : 'nothing to restore';
  return `cache ${key}: ${got}${saved ? `; saved, ${movedInWords(saved)}` : ''}`;
}

function movedInWords({ bytes, durationMs }: NonNullable<ShownCache['saved']>): string {
  return `${sizeOf(bytes)} in ${lengthOf(durationMs)}`;
}
