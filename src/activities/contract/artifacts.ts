import type { Duration } from '@temporalio/common';

/** Files of a job that are kept beside its run. */
export interface ArtifactOptions {
  /** Letters, digits, `.`, `_` and `-`; of each name the last is kept. In a matrix it gets the values of its cell, as a job's does. */
  readonly name: string;
  /** Files and folders below the checkout, or globs of files, `'dist/*.js'`; `'!dist/*.map'` takes away from all of them. */
  readonly paths: readonly string[];
  /** How long it is kept: milliseconds, or words such as `'30 days'`. Default: what the configuration says. */
  readonly expires?: Duration;
}

/** An artifact, as a host is told of it. */
export interface ArtifactAsked extends Omit<ArtifactOptions, 'expires'> {
  readonly expiresMs?: number;
}

/** An artifact that a job needs: it is in the checkout before the first step. */
export interface ArtifactNeeded {
  readonly name: string;
  /** Workflow id of the run that has kept it; absent: the job's own. */
  readonly run?: string;
  /** Folder below the checkout that it is put into; absent: the checkout, where each file lies as it did. */
  readonly dir?: string;
  /** It may be made by code that is a stranger's. */
  readonly untrusted?: true;
}

/** An artifact that is needed, as a host is told of it. */
export interface ArtifactWanted extends ArtifactNeeded {
  /** What it is called in the cells of a matrix that the job is in, the nearest first: these are looked for before the name itself. */
  readonly cellNames?: readonly string[];
}

/** What became of an artifact of a job. */
export interface ArtifactResult {
  readonly name: string;
  /** What was kept, packed. */
  readonly kept?: { readonly bytes: number; readonly files: number };
  /** Why it was not kept, in words. */
  readonly because?: string;
}
