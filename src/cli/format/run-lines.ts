import type { ListedRun } from '../../server/api/contract.js';
import { harmless, paint } from './paint.js';

/** In characters: what is longer moves what stands behind it. */
const WIDEST = 48;

/** Formats listed runs, a line each: when it began, how it is, its id, and what it is about. */
export function runLines(runs: readonly Omit<ListedRun, 'runId'>[]): string[] {
  const rows = runs.map((run) => ({
    at: run.startedAt.slice(0, 19).replace('T', ' '),
    how: howItIs(run),
    run: harmless(run.run),
    about: harmless(aboutOf(run)),
    style: styleOf(run),
  }));
  const width = (column: 'how' | 'run') =>
    Math.max(...rows.map((row) => row[column].length).filter((length) => length <= WIDEST), 0);
  const [how, id] = [width('how'), width('run')];
  return rows.map((row) =>
    `${paint('gray', row.at)}  ${paint(row.style, row.how.padEnd(how))}  ${row.run.padEnd(id)}  ${row.about}`.trimEnd(),
  );
}

/** The outcome says more than Temporal's word, but for what Temporal ended. */
function howItIs({ status, outcome, waitsFor }: Pick<ListedRun, 'status' | 'outcome' | 'waitsFor'>): string {
  if (waitsFor !== undefined) return `waits for ${waitsFor}`;
  return status === 'terminated' || status === 'timed out' ? status : (outcome ?? status);
}

function styleOf({ status, outcome }: Pick<ListedRun, 'status' | 'outcome'>): 'green' | 'red' | 'yellow' | 'gray' {
  if (status === 'running' || status === 'waiting') return 'yellow';
  if (outcome === 'failed' || outcome === 'error') return 'red';
  return outcome === 'passed' ? 'green' : 'gray';
}

function aboutOf({ repository, branch, pullRequest, commit }: Omit<ListedRun, 'runId'>): string {
  const where = pullRequest === undefined ? branch : `#${pullRequest}${branch === undefined ? '' : ` from ${branch}`}`;
  return [repository, where, commit?.slice(0, 7)].filter((part) => part !== undefined).join(' ');
}
