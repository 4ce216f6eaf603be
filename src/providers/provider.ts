import type { z } from 'zod';
import type { Logger } from '../log.js';
import type { Secret } from '../secrets/secret.js';
import type { SourceApi } from './api.js';
import type { CredentialCheck, CredentialRemark } from './credential-remark.js';
import type { Facts, GitFacts } from './facts.js';
import type { Signed, Unsigned } from './sign.js';
import type { WebhookScheme } from './webhook-scheme.js';

/** All that a kind of source is. `S` is a source of that kind, as the configuration gives it. */
export interface Provider<S extends { readonly kind: string }> {
  readonly facts: Facts;
  /** The schema of `sources.<name>` with this `kind`. */
  readonly settings: z.ZodObject<{ kind: z.ZodLiteral<S['kind']> }>;
  /** Says how deliveries of a source are verified and read. */
  webhook(source: S): WebhookScheme;
  /**
   * Returns what the product puts beside a body at `now` (Unix ms), as {@link webhook} verifies it: to try a source out.
   * Undefined where none of the secrets can sign.
   */
  sign(source: S, delivery: Unsigned, now: number): Signed | undefined;
}

/** All that a Git provider is. */
export interface GitProvider<S extends { readonly kind: string }> extends Provider<S> {
  readonly facts: GitFacts;
  /**
   * Makes the API of a source, which has credentials. Its modules are loaded when it is first called: most commands need
   * none of them. Absent for a provider whose API is not spoken. Throws {@link ProviderError} (`not configured`) for
   * credentials that can't work.
   */
  api?(options: ApiOptions<S>): Promise<SourceApi>;
  /**
   * Returns the user name that git sends with a configured token, or undefined if that goes by itself (`Bearer`). Absent
   * where it is always the one of `facts.clone`.
   */
  gitUser?(source: S, token: Secret): string | undefined;
  /** Says what the provider takes no longer, or not for long, of a source's credentials. Absent where it takes all. */
  credentialRemarks?(source: S, check: CredentialCheck): readonly CredentialRemark[];
}

/** What the API of a source is made of. */
export interface ApiOptions<S> {
  /** Name of the source, for messages. */
  readonly name: string;
  readonly source: S;
  readonly log: Logger;
  /** Asked at each call: what ends it before its time. */
  readonly signal?: (() => AbortSignal | undefined) | undefined;
}
