import { spellings } from './spellings.js';
import { type Span, TextFinder } from './text-finder.js';

/*
 * What a process has had in its memory as a secret: what its configuration and environment held, and what it was issued since.
 * It is the process's and nobody else's, since whatever leaves it has to be without all of them, also those that have been
 * replaced meanwhile.
 */

/** How many are kept of those that were issued: tokens of an hour, of which a repository has one. */
const MOST_ISSUED = 1_000;

const configured = new Set<string>();
const inConfiguration = new TextFinder();
const issued = new Set<string>();
let inIssued = new TextFinder();

/** Has the texts hidden from now on and for good: those of a configuration. */
export function rememberConfigured(texts: readonly string[]): void {
  for (const text of texts) {
    if (configured.has(text)) continue;
    configured.add(text);
    learn(inConfiguration, text);
  }
}

/** The part of a signed token (JWT) without which it is none. What stands before it begins alike in all of them. */
const SIGNATURE = /^eyJ[\w-]+\.[\w-]+\.([\w-]{20,})$/;

/** Has a token hidden from now on that was issued for a while; of a signed one its signature. The newest 1,000 are kept. */
export function rememberIssued(token: string): void {
  const text = SIGNATURE.exec(token)?.[1] ?? token;
  const isNew = !issued.delete(text);
  issued.add(text);
  if (isNew) learn(inIssued, text);
  if (issued.size <= 2 * MOST_ISSUED) return;
  for (const oldest of [...issued].slice(0, MOST_ISSUED)) issued.delete(oldest);
  inIssued = new TextFinder();
  for (const each of issued) learn(inIssued, each);
}

/** Returns where secrets of the configuration and the environment stand in a text. */
export function configuredSpans(text: string): Span[] {
  return inConfiguration.find(text);
}

/** Returns where secrets that were issued stand in a text. */
export function issuedSpans(text: string): Span[] {
  return inIssued.find(text);
}

function learn(finder: TextFinder, text: string): void {
  for (const each of spellings(text, { words: false })) finder.add(each);
}
