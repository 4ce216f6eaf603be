import { z } from 'zod';
import type { HostStep, StepRan } from '../../contract/index.js';
import type { PlacedNeeds } from '../artifacts/placed-needs.js';

/** Which snapshot is meant: that of a failed job, or the newest one of a job that is under way. */
export interface SnapshotName {
  readonly workflowId: string;
  readonly job: string;
  /** Of a failed job: which of its run's jobs of this name it is, from 1; absent for the first. */
  readonly nth?: number | undefined;
  /** Of a job that is under way: what tells it from those of its name, in this run and in what becomes of the run. */
  readonly hold?: string | undefined;
}

/** Which job of which run a snapshot is of, and on what commit. */
export interface SnapshotOf extends SnapshotName {
  readonly source: string;
  /** A hash of the repository's name: `mirrorMark`. */
  readonly repository: string;
  readonly sha: string;
  /** The commit whose files were checked out: the merge, where one was made. Versions before did not tell. */
  readonly checkedOut?: string | undefined;
}

/** A step that ran before the snapshot was made. */
export interface RanStep {
  readonly number: number;
  readonly step: HostStep;
  readonly ran: StepRan;
}

/** What is known of a snapshot. */
export interface Manifest {
  readonly of: SnapshotOf;
  /** When it was made, Unix ms. */
  readonly at: number;
  /** Its steps have made commits or tags, staged changes, or gone to others: git's own folder is not kept, so nobody goes on there. */
  readonly moved?: true;
  /** The step that a job goes on with there, from 1: of a failed job, the one that did not pass. */
  readonly failedAt: number;
  readonly ran: readonly RanStep[];
  /** Which files its steps have removed could not be told: those of the checkout are there again. */
  readonly bringsBack?: true;
  /** Name of the workspace: programs of a virtual environment of Python's name their folder. Versions before did not tell. */
  readonly folder?: string | undefined;
  /** What was placed before its first step. Versions before did not tell. */
  readonly placed?: PlacedNeeds | undefined;
}

/** Reads a {@link Manifest}. Names of fields are stored: they stay. */
export const manifestSchema = z.object({
  of: z.object({
    workflowId: z.string(),
    job: z.string(),
    nth: z.number().optional(),
    hold: z.string().optional(),
    source: z.string(),
    repository: z.string(),
    sha: z.string(),
    checkedOut: z.string().optional(),
  }),
  at: z.number(),
  moved: z.literal(true).optional(),
  failedAt: z.number(),
  ran: z.array(z.object({ number: z.number(), step: z.unknown(), ran: z.unknown() })),
  bringsBack: z.literal(true).optional(),
  folder: z.string().optional(),
  placed: z
    .object({ needs: z.string(), contents: z.array(z.string()), strangers: z.literal(true).optional() })
    .optional(),
});

/** Returns the {@link SnapshotName.hold} of a job. `id`: tells it from the other jobs of its run. */
export function holdOf({ runId, id }: { readonly runId: string | undefined; readonly id: string }): string {
  return `${runId} ${id}`;
}

/** Returns the run id in what {@link holdOf} has made. */
export function runOfHold(hold: string): string | undefined {
  return /^([0-9a-f-]{36}) /.exec(hold)?.[1];
}
