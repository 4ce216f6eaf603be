/** `GET /api/acts?limit=&after=`: what operators have done, the latest first. */
export interface OperatorActsAnswer {
  readonly acts: readonly OperatorAct[];
  /** The `after` of the next page; absent on the last one. */
  readonly next?: string;
}

/** Who acts, and how it is known. */
export interface ActBy {
  /** What they are called, as they were signed in or as they said. */
  readonly by: string;
  /**
   * How that is known. `api`: they have the API token, and said a name themselves; `token`: they signed in with it; `oidc`, `proxy`: a
   * provider or a proxy said it; `here`: they opened the page on this machine.
   */
  readonly how: 'api' | 'token' | 'oidc' | 'proxy' | 'here';
  /** What an OpenID Connect provider calls them, whatever they call themselves. */
  readonly subject?: string;
}

/** What an operator did, and when. */
export interface OperatorAct extends Omit<ActBy, 'how'> {
  /** ISO 8601. */
  readonly at: string;
  /** As of who acts; absent of acts that were kept before it was. */
  readonly how?: ActBy['how'];
  /** `cancel`, `rerun`, `approve`, `lane paused`, for example. */
  readonly act: string;
  /** The run, delivery, lane, automation, source or repository: its id, where it has one. */
  readonly on: string;
  /** What it led to: the new run, or the commit that was approved. */
  readonly result?: string;
}
