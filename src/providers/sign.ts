import { basic, bearer, inBytes } from '../http/auth-headers.js';

/** A delivery as somebody sends it who knows the secrets: to try out what a provider's own would do. */
export interface Unsigned {
  readonly body: Buffer;
  /** The provider's name for the event, where a header holds it. */
  readonly eventName: string | undefined;
  /** The delivery's id, where a header holds it. */
  readonly id: string;
  /** The secrets of the source, in their order; at least one. */
  readonly secrets: readonly string[];
}

/** What a provider puts beside a body. */
export interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  /** A header that holds the secret itself. It is not among `headers`, so that these may be shown. */
  readonly credential?: Credential;
  /** Index of the secret that signed, or that the credential is. */
  readonly by: number;
  /** How long it is accepted, in seconds. Absent where for ever. */
  readonly seconds?: number;
}

/** How a header holds a secret. */
export type Credential =
  | { readonly kind: 'plain' | 'bearer'; readonly header: string }
  | { readonly kind: 'basic'; readonly header: string; readonly username: string };

/** Returns the value of a credential's header, as HTTP clients take it. */
export function credentialValue(credential: Credential, secret: string): string {
  switch (credential.kind) {
    case 'plain':
      return inBytes(secret);
    case 'bearer':
      return bearer(secret);
    case 'basic':
      return basic(credential.username, secret);
    default:
      return credential satisfies never;
  }
}

/** Returns the headers that have a value. */
export function given(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Returns a time in Unix seconds, as headers hold it. */
export function secondsOf(now: number): string {
  return String(Math.floor(now / 1000));
}
