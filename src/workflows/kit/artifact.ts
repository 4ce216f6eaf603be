import type { ArtifactNeeded } from '../../activities/contract/index.js';
import { readNeed } from '../run/read-artifacts.js';

/** Where an artifact comes from and goes to. */
export interface ArtifactSource {
  /** Workflow id of the run that has kept it: `event.run` of a `completed()` event. Default: the job's own run. */
  readonly run?: string;
  /** Folder below the checkout that it is put into. Default: each file lies where it did. */
  readonly dir?: string;
  /** Takes it also where the code that has made it may be a stranger's. Default: the job fails then, unless its own code is one's. */
  readonly untrusted?: boolean;
}

/**
 * Names an artifact that a job needs, for its `needs`: it is in the checkout before the first step. The job fails where the run has kept
 * none of this name, or it has expired.
 *
 * @example
 * import { artifact, automation, completed, runJob } from 'hookyard/workflow';
 *
 * export const publish = automation({ on: completed('ci') }, async (event) => {
 *   if (event.event.kind !== 'push') return;
 *   await runJob(event.event, {
 *     name: 'publish',
 *     needs: [artifact.get('site', { run: event.run })],
 *     steps: ['./publish site'],
 *   });
 * });
 */
export const artifact = {
  get: (name: string, source: ArtifactSource = {}): ArtifactNeeded =>
    readNeed('artifact.get', { name, ...source } as ArtifactNeeded),
};
