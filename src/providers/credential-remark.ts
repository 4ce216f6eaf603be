/** What a person should know of the credentials that a source is configured with. */
export interface CredentialRemark {
  /** `ended`: the provider no longer takes them. `ends`: it will not for long, or may not. */
  readonly kind: 'ended' | 'ends';
  readonly says: string;
  /** What to do. */
  readonly advice: string;
}

/** What is known when credentials are looked at. */
export interface CredentialCheck {
  /** Name of the source, for messages. */
  readonly name: string;
  /** Unix ms. */
  readonly now: number;
  /** Whether the provider refuses them. */
  readonly refused: boolean;
}
