import {
  filledIn,
  oneLine,
  refuse,
  ruleOf,
  type SecretRule,
  usable,
  withoutBlanks,
  withoutScheme,
} from './secret-rule.js';

/** In bytes, as Standard Webhooks demands of signing secrets. */
export const SIGNING_BYTES = 24;
/** In characters. What is shorter is guessed in no time, and no provider gives out a token that is. */
const SHORTEST_CHOSEN = 8;
/** In characters: of what only Hookyard's own processes and commands know, so that nobody has to type it. */
const SHORTEST_OWN = 32;
const MAKE_ONE = 'make one with: openssl rand -hex 32';

const QUOTED = /^(["']).*\1$/;

const hardToGuess = (text: string) => {
  if (text.length < SHORTEST_CHOSEN)
    return { problem: `is shorter than ${SHORTEST_CHOSEN} characters, and could be guessed: ${MAKE_ONE}` };
  if (Buffer.byteLength(text) >= SIGNING_BYTES) return usable(text);
  return usable(text, `is shorter than ${SIGNING_BYTES} bytes, and could be guessed by trying: ${MAKE_ONE}`);
};

const asTyped = (text: string) => {
  const around = QUOTED.test(text) ? 'quotes' : text === text.trim() ? undefined : 'blanks';
  return around
    ? usable(text, `has ${around} around it, which count: leave them out if the sender has none`)
    : usable(text);
};

/** Any text, of several lines too: what jobs ask for by name. */
export const anyText = ruleOf((text) => (text.trim() === '' ? { problem: 'is empty' } : usable(text)));

const longEnough = (text: string) =>
  text.length < SHORTEST_CHOSEN
    ? { problem: `is shorter than ${SHORTEST_CHOSEN} characters, and so no token that is given out: was it cut off?` }
    : usable(text);

/** It may be in use: nobody but the service says how long it has to be. */
const hardlyShort = (text: string) =>
  text.length < SHORTEST_CHOSEN
    ? usable(text, `is shorter than ${SHORTEST_CHOSEN} characters, and could be guessed: give a longer one`)
    : usable(text);

/** A password of any service, which people may have chosen. */
export const password = ruleOf(oneLine, filledIn, hardlyShort);

/** A webhook secret that people choose and type in at both ends. Those of less than 24 bytes are in use, so they only warn. */
export const chosenSecret = ruleOf(oneLine, filledIn, asTyped, hardToGuess);

/** A webhook secret that people choose, and that comes in a header as it is. */
export const chosenToken = ruleOf(oneLine, filledIn, withoutBlanks, asTyped, hardToGuess);

/** What Hookyard's own processes and commands show each other. */
export const ownSecret = ruleOf(oneLine, filledIn, withoutBlanks, (text) =>
  text.length < SHORTEST_OWN
    ? { problem: `is shorter than ${SHORTEST_OWN} characters, and could be guessed: ${MAKE_ONE}` }
    : usable(text),
);

const inHeader = [
  oneLine,
  filledIn,
  withoutBlanks,
  withoutScheme,
  refuse(QUOTED, 'is in quotes: leave them out'),
  refuse(/[^\x21-\x7e]/, 'holds a blank or another character that no HTTP header can carry'),
];

/** A token that the service of an API gives out, which a header carries. */
export const apiToken = ruleOf(...inHeader, longEnough);

/** A token of any service, which people may have chosen, and which a header carries. */
export const bearerToken = ruleOf(...inHeader, hardlyShort);

/** What names who calls an API, and is no secret by itself. */
export const accessKeyId = ruleOf(...inHeader);

/** The value of a header, with its scheme where it has one: `Bearer <token>`. */
export const headerText = ruleOf(
  oneLine,
  filledIn,
  withoutBlanks,
  refuse(/[^\x20-\x7e]/, 'holds a character that no HTTP header can carry'),
);

/**
 * Returns the rule of a webhook secret that a service makes itself. `others`: beginnings of what its settings pages show
 * beside it, with what that is.
 */
export function madeBy(service: string, others: readonly (readonly [beginning: RegExp, what: string])[]): SecretRule {
  const mistaken = `is not the signing secret that ${service} shows with the webhook`;
  return ruleOf(
    oneLine,
    filledIn,
    withoutBlanks,
    ...others.map(([beginning, what]) => refuse(beginning, `${mistaken}, but ${what}`)),
    (text) =>
      Buffer.byteLength(text) < SIGNING_BYTES
        ? { problem: `${mistaken}: it is shorter than ${SIGNING_BYTES} bytes` }
        : usable(text),
  );
}

/** Returns the rule of an address that holds a credential. `what` follows "is not". */
export function secretAddress(protocol: RegExp, what: string): SecretRule {
  return ruleOf(oneLine, filledIn, withoutBlanks, (text) =>
    URL.canParse(text) && protocol.test(new URL(text).protocol) ? usable(text) : { problem: `is not ${what}` },
  );
}
