import { IssuedSecrets } from './issued-secrets.js';
import { LastingSecrets } from './lasting-secrets.js';
import { RotatedValues } from './rotated-values.js';
import type { Span } from './text-finder.js';

/*
 * What a process has had in its memory as a secret: what its configuration and environment held, and what it was issued since.
 * It is the process's and nobody else's, since whatever leaves it has to be without all of them, also those that have been
 * replaced meanwhile. Those of each kind are kept by themselves: none that come often make others forgotten.
 */

/** Of each kind: tokens of an hour, of which a repository has one, and links of builds and approvals. */
const MOST_ISSUED = 1_000;
/** In milliseconds: what tokens last that do not say how long. */
const USUAL_LIFETIME_MS = 60 * 60_000;

const configured = new LastingSecrets();
const beside = new LastingSecrets();
const rotated = new RotatedValues();
const issued = { token: newKind(), request: newKind(), link: newKind(), idToken: newKind() };

/** Has the texts hidden from now on and for good: those of a configuration. */
export function rememberConfigured(texts: readonly string[]): void {
  configured.add(texts);
}

/** Has the texts hidden from now on and for good that libraries take from the environment or from files of their own. */
export function rememberBeside(texts: readonly string[]): void {
  beside.add(texts);
}

/** Has the value hidden from now on that a secret of the configuration has become. `secret`: its option or its file. */
export function rememberRotated(secret: string, text: string): void {
  rotated.add(secret, text);
}

/**
 * What was issued: `token` one of an API, `request` one that was signed for one request, `link` one that is part of a URL which is sent,
 * `idToken` an ID token of a job.
 */
export type IssuedKind = keyof typeof issued;

/** The part of a signed token (JWT) without which it is none. What stands before it begins alike in all of them. */
const SIGNATURE = /^eyJ[\w-]+\.[\w-]+\.([\w-]{20,})$/;

/**
 * Has a token hidden from now on that was issued for a while; of a signed one its signature. Of each kind the newest 1,000 are known, as
 * long as they last. `until`: when it ends, Unix ms; an hour from now if nobody says.
 */
export function rememberIssued(kind: IssuedKind, token: string, until?: number): void {
  const now = Date.now();
  issued[kind].add(SIGNATURE.exec(token)?.[1] ?? token, { until: until ?? now + USUAL_LIFETIME_MS, now });
}

/** Returns where secrets of the configuration stand in a text. */
export function configuredSpans(text: string): Span[] {
  return configured.find(text);
}

/** Returns where secrets stand in a text that no configuration holds: those beside it, and those that have come since it was read. */
export function otherSpans(text: string): Span[] {
  return [beside, rotated, ...Object.values(issued)].flatMap((kind) => kind.find(text));
}

function newKind(): IssuedSecrets {
  return new IssuedSecrets(MOST_ISSUED);
}
