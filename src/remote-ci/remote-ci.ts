import type { BuildsApi } from '../providers/builds-api.js';

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
  /** Whether it has been sent before, and the answer was lost. */
  readonly again?: boolean;
}

/** A build that a service has made, or has in its queue. */
export interface MadeBuild {
  /** The service's name of it, as {@link RemoteCi} understands it. */
  readonly id: string;
  /** Its page, where that is known. */
  readonly url?: string;
}

/** A build that was made, by an answer that does not name it. */
export interface UnnamedBuild {
  /** Earliest time at which it can have been made, Unix ms. */
  readonly since: number;
}

/** A build that may have been made. */
export interface LostBuild extends Pick<NewBuild, 'ref' | 'correlation'> {
  /** Earliest time at which it can have been made, Unix ms, clocks that differ counted in. */
  readonly since: number;
}

/** A build that may have been made, and carries no correlation. */
export interface UntoldBuild extends Omit<LostBuild, 'correlation'> {
  /** Returns whether a build is known to be another one, by its id. */
  readonly isOther: (id: string) => boolean;
}

/** A build that was certainly made, by an answer that did not name it. */
export type CertainBuild = LostBuild & Pick<UntoldBuild, 'isOther'>;

/** How a build that has ended counts. */
export type BuildOutcome = 'passed' | 'failed' | 'cancelled';

/** How a build does. */
export interface BuildState {
  /** Undefined while it waits, runs, or is being cancelled. */
  readonly outcome: BuildOutcome | undefined;
  /** The service's own word for it. */
  readonly conclusion: string;
  readonly url?: string;
  /** The commits that it is made of, once the service tells all of them: several where it checks out several repositories. */
  readonly commits?: readonly string[];
}

/** What to look at in a service, without changing anything there. */
export interface CheckedAccess {
  /** What works: `reaches acme/shop`. */
  readonly works: string;
  /** What does not, and what to do about it. */
  readonly lacks?: { readonly says: string; readonly advice: string };
}

/**
 * A CI service in which builds are made. Each function throws {@link RemoteCiError}, a `RequestError` of the HTTP client, or a
 * `ProviderError` where a Git provider's API is called, and what aborts its requests.
 */
export interface RemoteCi {
  /** Its ids are addresses, which may be credentials: no message names them. */
  readonly hidesIds?: true;
  /** Has a build made. Sends that once: an answer that was lost may belong to a build. */
  trigger(build: NewBuild): Promise<MadeBuild | UnnamedBuild>;
  /**
   * Returns the build that was made with this correlation; undefined if none is listed. Throws where more were made since then than
   * are looked through: then nobody can tell.
   */
  find(lost: LostBuild): Promise<MadeBuild | undefined>;
  /**
   * Throws where a build may be the one that was made, and no correlation can tell: nothing is made a second time then, and none is taken
   * for it, since it may be another's.
   */
  ruleOut?(lost: UntoldBuild): Promise<void>;
  /** Returns the build that was certainly made, where it can only be one; throws where nobody can tell which it is. */
  only?(lost: CertainBuild): Promise<MadeBuild>;
  /** Returns how a build does. `repository`: whose commits count, `owner/name`, where a build may have those of several. */
  look(build: MadeBuild & Pick<NewBuild, 'correlation'> & { readonly repository?: string }): Promise<BuildState>;
  /**
   * Returns whether a build is one of this repository, `owner/name`, whatever the case; undefined where nobody tells. Asked where commits
   * differ: those of two repositories always do.
   */
  isOf?(build: MadeBuild, repository: string): Promise<boolean | undefined>;
  /** Has a build cancelled. Changes nothing about one that has ended or is gone; throws where the service would not. */
  cancel(build: MadeBuild & Pick<NewBuild, 'correlation'>): Promise<void>;
  /**
   * Has what may have been made cancelled by our id alone, in a service where nothing can be looked for. Returns false where the settings
   * do not say how.
   */
  abandon?(correlation: string): Promise<boolean>;
  /** Asks whether the credentials work and the project is there; undefined where there is nothing to ask. */
  check(): Promise<CheckedAccess | undefined>;
}

/** How a service is reached, beside its settings. */
export interface CiAccess {
  /** Name under `builds` in the configuration. */
  readonly name: string;
  /** Called for each request: what ends it before its deadline. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
  /** Returns the CI of a Git provider's repository, by the credentials of a source; undefined where the source has none. */
  readonly builds?: ((source: string, repository: string) => Promise<BuildsApi | undefined>) | undefined;
}

/**
 * Says why a service can't do what it was asked for, where the answer came and trying again does not help: `not configured` is a
 * person's to change in the configuration, `refused` what was asked for. `unusable` may pass: an answer that can't be read, or a refusal
 * for now. Its message begins with a verb ("takes a branch"), for the caller to put the build's name before it. `status`: of the answer,
 * where one came that is not the service's.
 */
export class RemoteCiError extends Error {
  override readonly name = 'RemoteCiError';

  constructor(
    readonly kind: 'not configured' | 'refused' | 'unusable',
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}
