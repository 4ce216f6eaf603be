import type { SupersededEvent } from '../events/event.js';
import type { HandedOn } from './handed-on.js';

/** What a run is started with besides its event: settled by the receiver, so that an edited trigger changes nothing later. */
export interface RunOptions {
  /** Why it only reports its checks as skipped. */
  readonly skip?: string;
  readonly asks?: Preconditions;
  /** The lane that it has entered, as people call it. It has a slot there, unless it has things to find out first. */
  readonly lane?: string;
  /** Of the lane, from 1, which goes first, to 5; absent for 3. Its jobs have the same. */
  readonly priority?: number;
  /** The events that have become one run with its own: see `superseded` of an event. */
  readonly superseded?: readonly SupersededEvent[];
  /** When somebody asked for it once more, ISO 8601: it waits for what comes later. Absent from the first run of its event. */
  readonly again?: string;
  /** What tells the asking for it from others: asked for once more with the same, it is not started again. */
  readonly once?: string;
  /** Workflow id of the run whose jobs that failed it goes on with, where their workspaces are kept. */
  readonly fromFailed?: string;
  /** Workflow ids of those that this one went on from itself, the nearest first: it may have been stopped before it came to a job. */
  readonly fromFailedBefore?: readonly string[];
  /** Commit statuses have told that it waited in its lane: it says what has become of it. */
  readonly told?: true;
  /**
   * The run ends as failed in Temporal where a build did not pass. Absent where a workflow or a client of the author's
   * starts the run, which reads the outcome from its result, and from runs that an older version started.
   */
  readonly endsBy?: 'outcome';
  /** The run has continued as new, and this is its next part. */
  readonly handedOn?: HandedOn;
}

/** What has to be found out before an automation's own work begins: only the provider's API knows, so not the receiver. */
export interface Preconditions {
  /** The path filters of the triggers that agree: one of them has to include a changed file. */
  readonly paths?: readonly (readonly string[])[];
  /** The head commit's message may ask to be skipped, and the payload does not have it. */
  readonly skipMarker?: true;
  /** Whether the commit of a status is a fork's is not told, and the automation does not run on those. */
  readonly origin?: true;
  /** Who the author of the pull request is, is not told: see {@link AuthorLists}. With it comes `approval`. */
  readonly author?: AuthorLists;
  /** The code is a stranger's: somebody with write access has to approve it first. */
  readonly approval?: true;
  /** What whoever commented must be allowed to do: of several triggers that agree, the most. */
  readonly permission?: CommandPermission;
}

/**
 * The `authors` of the triggers that agree otherwise, `*` of one without: one of the lists has to include the author of the pull
 * request.
 */
export interface AuthorLists {
  readonly lists: readonly (readonly string[])[];
  /** What else the trigger of each list asks for: of the lists that include the author, that counts. Absent where there is one list. */
  readonly each?: readonly Pick<Preconditions, 'paths' | 'skipMarker'>[];
  /** One who is in none of them has its checks reported as skipped. */
  readonly skips?: true;
}

/** What somebody may do in a repository, in rising order. */
export const COMMAND_PERMISSIONS = ['read', 'write', 'admin'] as const;

/** What somebody must be allowed in a repository to give a command. */
export type CommandPermission = (typeof COMMAND_PERMISSIONS)[number];
