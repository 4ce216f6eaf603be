import type { ListedRun } from '../../../api/contract.js';
import { useAround } from '../../context.js';
import { runPath } from '../../paths.js';
import { Badge } from './badge.js';
import { Link } from './link.js';
import { runMood } from './run-mood.js';
import { Apart } from './spaced.js';
import { Table } from './table.js';
import { Duration, Time } from './time.js';

/** Runs, a row each. `label`: which they are. */
export function RunRows({ runs, label }: { readonly runs: readonly Shown[]; readonly label: string }) {
  return (
    <Table label={label} head={['State', 'Run', 'About', 'Started', 'Took']}>
      {runs.map((run) => (
        <RunRow key={run.runId ?? run.run} run={run} />
      ))}
    </Table>
  );
}

/** One that has not begun has no id at Temporal yet. */
type Shown = Omit<ListedRun, 'runId'> & Partial<Pick<ListedRun, 'runId'>>;

function RunRow({ run }: { readonly run: Shown }) {
  const { now } = useAround();
  const { mood, word } = runMood(run);
  const end = run.endedAt === undefined ? now : Date.parse(run.endedAt);
  return (
    <tr>
      <td>
        <Badge mood={mood}>{word}</Badge>
      </td>
      <td>
        <Link class="name" to={runPath(run.run)}>
          {run.automation}
        </Link>{' '}
        <code class="dim" title={run.run}>
          {shortId(run)}
        </code>
      </td>
      <td>
        <AboutRun run={run} />
      </td>
      <td>
        <Time at={run.startedAt} />
      </td>
      <td>
        <Duration ms={end - Date.parse(run.startedAt)} />
      </td>
    </tr>
  );
}

/** Returns what tells a run from others of its automation: its id without that and its source, of UUIDs the beginning. */
function shortId({ run }: Shown): string {
  const [, source, ...own] = run.split('/');
  const parts = own.length > 0 ? own : [source ?? run];
  return parts.map((part) => part.replace(/^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f-]{22,}$/, '$1')).join('/');
}

/** What a run is about: its repository, its branch or pull request, its commit. */
export function AboutRun({ run }: { readonly run: Shown }) {
  const { repository, branch, pullRequest, commit } = run;
  if (repository === undefined) return <span class="dim">no repository</span>;
  return (
    <span class="about">
      <Apart>
        <bdi>{repository}</bdi>
        {pullRequest !== undefined && <span>#{pullRequest}</span>}
        {branch !== undefined && <bdi class="branch">{branch}</bdi>}
        {commit !== undefined && <code>{commit.slice(0, 7)}</code>}
      </Apart>
    </span>
  );
}
