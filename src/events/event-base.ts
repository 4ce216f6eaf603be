/** What every event says. */
export interface EventBase {
  /** Name of the configured source that the delivery came from; `schedule` or `manual` where none did. */
  readonly source: string;
  /** The kind of its source, `github` for example; `hookyard` where none did. */
  readonly provider: string;
  /** Hookyard's id of the delivery; `hookyard explain <id>` says what became of it. */
  readonly deliveryId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** The events that have become one run with this one, the newest, by its automation's `debounce`: the last hundred, oldest first. */
  readonly superseded?: readonly SupersededEvent[];
  /** Why it counts for nothing, in words: a part of a delivery that came late, of which a look for missed ones has told before. */
  readonly toldBefore?: string;
  /** Somebody has made it of a delivery's payload by editing it, and started it: no provider has said it. */
  readonly edited?: EditedEvent;
}

/** How an event came to be that an operator has made of another one. */
export interface EditedEvent {
  /** Hookyard's id of the delivery that it was made of. */
  readonly from: string;
  /** What the operator is called. */
  readonly by: string;
}

/** An event that another one stands for. */
export interface SupersededEvent {
  /** Hookyard's id of its delivery. */
  readonly deliveryId: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** Of its commit, where it has one. */
  readonly sha?: string;
}

/** What every event says that happened in a repository. */
export interface RepositoryEventBase extends EventBase {
  readonly repository: Repository;
  readonly sender: Sender;
  /** How many refs of its delivery were not read: malformed ones, and those beyond the bound. */
  readonly refsLeftOut?: number;
}

/** A repository, as the payload describes it. */
export interface Repository {
  /** The provider's id as a string. Stays the same when the repository is renamed. */
  readonly id: string;
  /** `owner/name`. */
  readonly fullName: string;
  /** The page that a person opens. */
  readonly url: string;
  /** Absent when the payload does not say. */
  readonly defaultBranch?: string;
  readonly private: boolean;
}

/** The account that caused the event. */
export interface Sender {
  readonly login: string;
  /** The provider's id of the account as a string, where the payload says it. */
  readonly id?: string;
  readonly bot: boolean;
  /** The account of the source's own API credentials: what it does starts nothing unless a trigger says so. */
  readonly own?: true;
}

/** A commit, as far as the payload describes it. */
export interface Commit {
  /**
   * Full object name: 40 or 64 lower-case hexadecimal digits. A pull request of Bitbucket Cloud names only the first
   * 12, which are completed before a run begins where the source has API credentials.
   */
  readonly sha: string;
  readonly message?: string;
  readonly author?: string;
  readonly url?: string;
}
