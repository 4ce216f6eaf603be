import type { LaneEntryRecord, LaneMode, LaneRecord } from '../../../../store/store.js';
import { useAround } from '../../context.js';
import { counted } from '../../counted.js';
import { withQuery } from '../../paths.js';
import { Badge, type Mood } from './badge.js';
import { OperatorButton } from './button.js';
import { Link, RunLink } from './link.js';
import { Section } from './section.js';
import { Apart } from './spaced.js';
import { Table } from './table.js';
import { Time } from './time.js';

/**
 * A lane: how it is held, who has a slot, and who waits, the next first. `place`: its number on this page. `behind`: how many of its runs
 * pages before have shown, where it is the only lane.
 */
export function Lane(props: {
  readonly lane: LaneRecord;
  readonly place: number;
  readonly most: number;
  readonly behind?: number;
}) {
  const { lane, place, most, behind } = props;
  const { query } = useAround();
  const { title, mode, by, reason, changedAt, entries } = lane;
  const waiting = entries.filter(({ state }) => state === 'waits');
  const shown = entries.slice(behind ?? 0, (behind ?? 0) + most);
  const left = entries.length - (behind ?? 0) - shown.length;
  return (
    <Section id={`lane-${place}`} title={title} count={entries.length}>
      <div class="lane">
        <p>
          <Badge mood={MODES[mode].mood}>{MODES[mode].word}</Badge> {MODES[mode].says}
          {mode !== 'open' && by !== undefined && (
            <span>
              {' '}
              By <bdi>{by}</bdi>
              {reason !== undefined && (
                <>
                  : <bdi>{reason}</bdi>
                </>
              )}{' '}
              {changedAt !== undefined && <Time at={changedAt} />}
            </span>
          )}
        </p>
        {mode !== 'open' && (
          <OperatorButton
            action="/lanes/mode"
            fields={{ lane: lane.lane, mode: 'open', named: query.named }}
            kind="main"
          >
            Resume
          </OperatorButton>
        )}
        <HoldForm lane={lane} isFirst={place === 0} />
      </div>
      {shown.length > 0 ? (
        <Table label={`Runs in ${title}`} head={['State', 'Run', 'Since', 'Why', 'Order']}>
          {shown.map((entry) => (
            <Entry key={entry.workflowId} entry={entry} lane={lane} place={waiting.indexOf(entry) + 1} />
          ))}
        </Table>
      ) : (
        <p class="dim">{entries.length === 0 ? 'Nobody is in it.' : 'Nobody is in it so far behind.'}</p>
      )}
      {left > 0 && (
        <p class="note">
          {counted(left, 'more waits', 'more wait')} behind these.{' '}
          {behind === undefined && <Link to={withQuery('/lanes', { named: lane.lane })}>Show this lane alone</Link>}
        </p>
      )}
    </Section>
  );
}

const MODES = {
  open: { mood: 'passed', word: 'open', says: 'Lets on who is the next.' },
  paused: { mood: 'waiting', word: 'paused', says: 'Lets nobody on; what runs goes on.' },
  draining: { mood: 'waiting', word: 'draining', says: 'Takes nobody more; who waits is let on.' },
} as const satisfies Record<LaneMode, { mood: Mood; word: string; says: string }>;

const HOLDS = { paused: 'Pause', draining: 'Drain' } as const;

/** Asks an operator how to hold a lane up, and why. */
function HoldForm({ lane, isFirst }: { readonly lane: LaneRecord; readonly isFirst: boolean }) {
  const { base, visitor, query } = useAround();
  if (visitor?.role !== 'operator') return null;
  const modes = (['paused', 'draining'] as const).filter((mode) => mode !== lane.mode);
  return (
    <details class="ask" data-key={`hold ${lane.lane}`}>
      <summary aria-keyshortcuts={isFirst ? 'p' : undefined}>{modes.map((mode) => HOLDS[mode]).join(' or ')} …</summary>
      <form class="approval" method="post" action={`${base}/lanes/mode`}>
        <input type="hidden" name="lane" value={lane.lane} />
        {query.named !== undefined && <input type="hidden" name="named" value={query.named} />}
        <label>
          <span>Why: it is kept, and shown to those who wait</span>
          {/* Of several lines: in one, Enter would press the first button. */}
          <textarea name="reason" rows={2} maxLength={500} autocomplete="off" />
        </label>
        <p class="buttons">
          <Apart>
            {modes.map((mode) => (
              <button key={mode} type="submit" name="mode" value={mode}>
                {HOLDS[mode]}
              </button>
            ))}
          </Apart>
        </p>
      </form>
    </details>
  );
}

function Entry(props: { readonly entry: LaneEntryRecord; readonly lane: LaneRecord; readonly place: number }) {
  const { entry, lane, place } = props;
  const { query } = useAround();
  const { workflowId, state, since, changedAt } = entry;
  const { mood, word } = STATES[state];
  return (
    <tr>
      <td>
        <Badge mood={mood}>{state === 'waits' ? `waits, number ${place}` : word}</Badge>
      </td>
      <td>
        <RunLink run={workflowId} />
      </td>
      <td>
        <Time at={state === 'waits' ? since : changedAt} />
      </td>
      <td>
        <Why entry={entry} lane={lane} />
      </td>
      <td>
        {state === 'waits' && place > 1 && (
          <OperatorButton action="/lanes/move" fields={{ run: workflowId, named: query.named }}>
            Make it the next
          </OperatorButton>
        )}
      </td>
    </tr>
  );
}

const STATES = {
  runs: { mood: 'running', word: 'runs' },
  aside: { mood: 'waiting', word: 'stepped aside' },
  waits: { mood: 'waiting', word: 'waits' },
} as const satisfies Record<LaneEntryRecord['state'], { mood: Mood; word: string }>;

/** Says why a run is where it is. */
function Why({ entry, lane }: { readonly entry: LaneEntryRecord; readonly lane: LaneRecord }) {
  const isSorted = lane.entries.some((other) => other.priority !== entry.priority);
  const { state, limit, priority, endsFor, until, movedBy, moveReason } = entry;
  return (
    <>
      {state === 'waits' && (lane.mode === 'paused' ? 'The lane is paused.' : `${limit} may run at once.`)}
      {state === 'aside' &&
        (until === undefined ? (
          'Waits for a person, and keeps its place.'
        ) : (
          <span>
            Waits for more of the same, and goes on <Time at={until} />.
          </span>
        ))}
      {isSorted && <span> Priority {priority}.</span>}
      {endsFor !== undefined && (
        <span>
          {' '}
          Was told to end for <RunLink run={endsFor} />.
        </span>
      )}
      {movedBy !== undefined && (
        <span>
          {' '}
          Put ahead by <bdi>{movedBy}</bdi>
          {moveReason !== undefined && (
            <>
              : <bdi>{moveReason}</bdi>
            </>
          )}
          .
        </span>
      )}
    </>
  );
}
