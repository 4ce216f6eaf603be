import type { SecretName } from './secret-name.js';

/** What a variable of a step is set to: a text, or what the worker fills in. */
export type VariableValue = string | SecretName | IdToken;

/** Stands for an ID token that is signed when a step starts. */
export interface IdToken {
  readonly idToken: {
    /** Who is to accept it. */
    readonly audience: string;
    /** In milliseconds; absent: ten minutes. */
    readonly lifetimeMs?: number;
  };
}

/** What ID tokens say of a run, beside what its job tells. */
export interface TokenEvent {
  /** The kind of the event that the run is about. */
  readonly name: string;
  /** The provider's id of the repository, where the event tells it. */
  readonly repositoryId?: string;
  /** Somebody has edited the payload: no provider has signed what it says. */
  readonly edited?: true;
}

/** Returns whether the value of a variable stands for an ID token. */
export function isIdToken(value: unknown): value is IdToken {
  const { idToken } = (value ?? {}) as { readonly idToken?: { readonly audience?: unknown } | null };
  return typeof idToken === 'object' && idToken !== null && typeof idToken.audience === 'string';
}
