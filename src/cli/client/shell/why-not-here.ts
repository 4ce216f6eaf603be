import type { KeptJob } from '../../../runs/kept-job.js';
import type { RunState } from '../../../server/api/contract.js';
import { typedWord } from '../../format/typed-word.js';

/** What is known of a run whose workspace is not to be found here. */
export interface NotHere {
  /** Workflow id. */
  readonly run: string;
  readonly state: Pick<RunState, 'status' | 'outcome'>;
  /** Its jobs that failed. */
  readonly jobs: readonly KeptJob[];
  /** Name of this machine. */
  readonly host: string;
  /** Path of the data folder; undefined where there is no project. */
  readonly data: string | undefined;
  /** Unix ms. */
  readonly now: number;
}

/** Returns in words why there is no workspace to open a shell in, where it is, and what to do. */
export function whyNotHere(known: NotHere): string {
  const { run, jobs } = known;
  if (jobs.length > 0)
    return [`${run} left no workspace here:`, ...jobs.map((job) => `  ${whyNot(job, known)}`)].join('\n');
  return `There is no workspace of ${run}: ${whyNone(known)}`;
}

function whyNot(kept: KeptJob, { run, host, data, now }: NotHere): string {
  const job = `job ${kept.job}`;
  switch (kept.kind) {
    case 'not kept':
      return `${job}: it was not kept: ${kept.because}`;
    case 'kept': {
      const until = new Date(kept.until).toISOString();
      const again = `npx hookyard rerun ${typedWord(run)} runs the job again`;
      if (kept.until <= now) return `${job}: it was kept until ${until} (jobs.keepFailedDays), and is gone. ${again}`;
      if (kept.host !== host)
        return `${job}: it is on the machine ${kept.host}, until ${until}. Run npx hookyard shell ${typedWord(run)} there, in Hookyard's project`;
      if (data === undefined)
        return `${job}: it is on this machine, until ${until}. Run npx hookyard shell ${typedWord(run)} in Hookyard's project`;
      return `${job}: it was kept on this machine, until ${until}, and is not below ${data}: room was needed for newer ones, or its worker has another data folder (HOOKYARD_DATA). ${again}`;
    }
    default:
      return kept satisfies never;
  }
}

function whyNone({ run, state: { status, outcome } }: NotHere): string {
  if (status === 'running') return 'it is under way still, and none of its jobs has failed so far';
  if (outcome === 'passed' || outcome === 'skipped')
    return `it ${outcome === 'passed' ? 'passed' : 'was skipped'}, and workspaces are kept of jobs that fail`;
  if (status === 'cancelled' || status === 'terminated')
    return `it was ${status}, and workspaces are kept of jobs that fail`;
  if (status === 'unknown') return 'Temporal does not answer, so nobody knows where it is. Try again later';
  return `no step of a job of it failed, or an older version ran it. npx hookyard logs ${typedWord(run)} shows what happened`;
}
