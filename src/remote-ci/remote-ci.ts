/** A branch or a tag that a build is made of. */
export interface BuiltRef {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
}

/** A value that a build is given. */
export type Parameter = string | number | boolean;

/** A build that is to be made. */
export interface NewBuild {
  /** Undefined where nothing names one: the service then decides, or refuses. */
  readonly ref: BuiltRef | undefined;
  /** The commit, where the branch or tag came with one. */
  readonly sha: string | undefined;
  /** By name; those that carry our id and our callback URL are not among them. */
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** A one-time URL that the build may report its end to. */
  readonly callbackUrl?: string | undefined;
  /** Tells it from all other builds: it is found by this when the answer to {@link RemoteCi.trigger} was lost. */
  readonly correlation: string;
}

/** A build that a service has made, or has in its queue. */
export interface MadeBuild {
  /** The service's name of it, as {@link RemoteCi} understands it. */
  readonly id: string;
  /** Its page, where that is known. */
  readonly url?: string;
}

/** A build that may have been made. */
export interface LostBuild extends Pick<NewBuild, 'ref' | 'correlation'> {
  /** Earliest time at which it can have been made, Unix ms, clocks that differ counted in. */
  readonly since: number;
}

/** How a build has ended. */
export interface EndedBuild {
  readonly outcome: 'passed' | 'failed' | 'cancelled';
  /** The service's own word for it. */
  readonly conclusion: string;
  readonly url?: string;
}

/** What to look at in a service, without changing anything there. */
export interface CheckedAccess {
  /** What works: `reaches acme/shop`. */
  readonly works: string;
  /** What does not, and what to do about it. */
  readonly lacks?: { readonly says: string; readonly advice: string };
}

/**
 * A CI service in which builds are made. Each function throws {@link RemoteCiError} or a `RequestError` of the HTTP client, and what
 * aborts its requests.
 */
export interface RemoteCi {
  /** Has a build made. Sends that once: an answer that was lost may belong to a build. */
  trigger(build: NewBuild): Promise<MadeBuild>;
  /** Returns the build that was made with this correlation; undefined if none is listed. */
  find(lost: LostBuild): Promise<MadeBuild | undefined>;
  /** Returns how a build has ended; undefined while it waits, runs, or is being cancelled. */
  look(build: MadeBuild & Pick<NewBuild, 'correlation'>): Promise<EndedBuild | undefined>;
  /** Has a build cancelled. Changes nothing about one that has ended or is gone. */
  cancel(build: MadeBuild & Pick<NewBuild, 'correlation'>): Promise<void>;
  /** Asks whether the credentials work and the project is there; undefined where there is nothing to ask. */
  check(): Promise<CheckedAccess | undefined>;
}

/** How a service is reached, beside its settings. */
export interface CiAccess {
  /** Name under `builds` in the configuration. */
  readonly name: string;
  /** Called for each request: what ends it before its deadline. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}

/**
 * Says why a service can't do what it was asked for, where the answer came and trying again does not help: `not configured` is a
 * person's to change in the configuration, `refused` what was asked for. `unusable` is an answer that can't be read, and may pass.
 */
export class RemoteCiError extends Error {
  override readonly name = 'RemoteCiError';

  constructor(
    readonly kind: 'not configured' | 'refused' | 'unusable',
    message: string,
  ) {
    super(message);
  }
}
