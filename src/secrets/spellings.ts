import { SHORTEST } from './text-finder.js';

/** Line lengths of `base64` and `openssl`. */
const BASE64_LINES = [76, 64];
/** In characters: of a piece of an address or of several lines, which alone may be something quite ordinary. */
const SHORTEST_PIECE = 16;
/** A word, or a number: as a password it is a weak one, and as anything else it is everywhere. */
const ORDINARY = /^(?:[A-Z]?[a-z]{1,15}|[A-Z]{1,16}|\d{1,19})$/;

/**
 * Returns how a secret, each of its lines and the credentials of an address may be written: as they are, and as URLs, forms,
 * JSON, HTML, base64 (alone or within something longer), base64url and hexadecimal digits write them. `words`: also as they are
 * where that is an ordinary word or number, or a short line, which a text may hold that has nothing to do with the secret.
 */
export function spellings(secret: string, { words }: { readonly words: boolean }): string[] {
  // As UTF-8 carries it.
  const whole = Buffer.from(secret.trim()).toString();
  if (whole.length < SHORTEST) return [];
  const lines = whole.split(/\r?\n/).map((line) => line.trim());
  const shortest = words ? SHORTEST : SHORTEST_PIECE;
  // The first and the last line of a key in PEM tell what it is, and nothing of it.
  const pieces = lines.length > 1 ? lines.filter((line) => line.length >= shortest && !line.startsWith('-----')) : [];
  const parts = [whole, ...pieces, ...within(whole)].filter((part) => part.length >= SHORTEST);
  const plain = parts.filter((part) => words || !ORDINARY.test(part));
  const inBytes = parts.filter((part) => /[^\0-\x7f]/.test(part)).map((part) => Buffer.from(part).toString('latin1'));
  const encoded = parts.flatMap((part) => [...inBase64(part), ...inHex(part)]);
  const broken = BASE64_LINES.flatMap(
    (width) =>
      Buffer.from(whole)
        .toString('base64')
        .match(new RegExp(`.{1,${width}}`, 'g')) ?? [],
  );
  const all = [...plain, ...inBytes, ...encoded, ...broken].flatMap((text) => [text, ...escaped(text)]);
  return [...new Set(all)];
}

/** Returns the secret parts of one that holds more: an address, a header with its scheme, a key with its kind before it. */
function within(secret: string): string[] {
  const bare = /^(?:whsec_|[a-z]+ +)(\S+)$/i.exec(secret)?.[1];
  if (bare !== undefined) return [bare, ...signatureOf(bare)];
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(secret) || !URL.canParse(secret)) return signatureOf(secret);
  const { username, password, pathname, search, searchParams } = new URL(secret);
  // A mail address is whom everybody writes to: it stands in commits and in what is sent.
  const user = decoded(username).includes('@') ? [] : [username];
  const long = [...user, ...pathname.split('/'), ...searchParams.values()].filter(
    (part) => part.length >= SHORTEST_PIECE,
  );
  const path = `${pathname}${search}`;
  return [password, ...long, ...(path.length >= SHORTEST_PIECE ? [path] : [])].flatMap((part) => [part, decoded(part)]);
}

/** Returns the last part of a signed token, without which the others, which only tell what it is for, can't be used. */
function signatureOf(token: string): string[] {
  const signature = /^[\w-]+\.[\w-]+\.([\w-]{20,})$/.exec(token)?.[1];
  return signature === undefined ? [] : [signature];
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function escaped(text: string): string[] {
  // Most have nothing to escape. A tilde stays in a URL, and not in a form.
  if (/^[\w.-]*$/.test(text)) return [];
  const url = encodeURIComponent(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const html = text.replace(/[&<>"]/g, (character) => HTML[character] ?? character);
  return [
    url,
    form,
    ...[url, form].map((one) => one.replace(/%../g, (byte) => byte.toLowerCase())),
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', '\\/'),
    ascii,
    html,
    html.replaceAll("'", '&#39;'),
    html.replaceAll("'", '&#x27;'),
  ];
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Returns the base64 characters that depend on the text alone when 0, 1 or 2 bytes precede it, whatever follows; and all up to its
 * end where nothing does.
 */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const all = bytes.toString('base64').slice(Math.ceil((before * 8) / 6));
    const kept = all.slice(0, Math.floor((bytes.length * 8) / 6) - Math.ceil((before * 8) / 6));
    return [kept, all, all.replace(/=+$/, '')].flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_')]);
  });
}

function inHex(text: string): string[] {
  const hex = Buffer.from(text).toString('hex');
  return [hex, hex.toUpperCase()];
}
