import { MOST_PATHS } from '../../path-count.js';
import { PathError } from './list-paths.js';
import { quoted } from './quoted.js';

/** What an archive puts where, by paths from where it is unpacked. */
export interface Contents {
  /** Symbolic links, and where they lead. */
  readonly links: ReadonlyMap<string, string>;
  /** What its files have once they are unpacked, holes too. */
  readonly bytes: number;
  /** How many files and links it has, those that are linked hard each. */
  readonly files: number;
}

/** Reads the lines that `tar` prints with {@link LISTING}. */
export interface ContentsReader {
  add(chunk: Buffer): void;
  /** Returns what the lines have told. Throws {@link PathError} for an archive that must not be unpacked. */
  end(): Contents;
}

/** Has `tar` tell of each entry what it is, how large, and where it leads: the program that unpacks it reads it, so both see the same. */
export const LISTING = ['--list', '--verbose', '--numeric-owner', '--quoting-style=c'] as const;

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const LINE = new RegExp(`^(.)\\S+ +\\S+ +(\\d+)(?:,\\d+)? +\\S+ +\\S+ (${QUOTED})(?: (?:->|link to) (${QUOTED}))?$`);
const MOST_FOLDERS = 500;
/** In characters: two paths as long as Linux takes them, each byte written as four. */
const MOST_LINE = 40_000;

/**
 * Returns what reads what is in an archive. It refuses what would be put elsewhere than its path says, or be something else than a file, a
 * folder or a link: paths that lead out, entries below what is no folder, and hard links to what the archive has not put there itself. Each
 * line is judged as it comes, so no archive holds up the worker, however much is in it. `most`: files, links and folders, and so of the
 * folders that one lies below.
 */
export function readContents(most = MOST_PATHS): ContentsReader {
  const links = new Map<string, string>();
  const files = new Set<string>();
  /** Each folder that entries lie below, with one of them: whoever finds its folder here need not go on to those above. */
  const folders = new Map<string, string>();
  let [entries, characters, folderCharacters] = [0, 0, 0];
  let count = 0;
  let bytes = 0;
  let refused: PathError | undefined;
  let rest = '';
  const refuse = (what: string) => {
    refused ??= new PathError(what);
  };
  const refusePath = (path: string, because: string) => refuse(`in its archive, ${quoted(path)} ${because}`);
  const takeFolders = (path: string) => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) return;
      folders.set(folder, path);
      folderCharacters += folder.length;
      if (files.has(folder) || links.has(folder)) return refusePath(path, 'lies below what is no folder');
    }
  };
  const takeFile = (path: string, size: number) => {
    files.add(path);
    bytes += size;
  };
  const takeHardLink = (path: string, to: string) => {
    const target = plainPath(to);
    const leadsTo = target === undefined ? undefined : links.get(target);
    // To a link: it is one itself, and leads on from where it lies.
    if (leadsTo !== undefined) links.set(path, leadsTo);
    else if (target === undefined || !files.has(target)) refusePath(path, 'is a hard link to what is not in it');
    else files.add(path);
  };
  const take = (line: string) => {
    const [, kind, size, name = '', to = ''] = LINE.exec(line) ?? [];
    const path = plainPath(unquoted(name));
    if (kind === undefined || path === undefined)
      return refusePath(kind === undefined ? line : unquoted(name), 'is no path below it');
    if (isTooDeep(path)) return refusePath(path, `is more than ${MOST_FOLDERS} folders deep`);
    takeFolders(path);
    if (kind === '-') takeFile(path, Number(size));
    else if (kind === 'l') links.set(path, unquoted(to));
    else if (kind === 'h') takeHardLink(path, unquoted(to));
    else if (kind !== 'd') refusePath(path, 'is neither a file nor a folder nor a link');
    const below = kind === 'd' ? undefined : folders.get(path);
    if (below !== undefined) refusePath(below, 'lies below what is no folder');
    entries += 1;
    if (kind !== 'd') count += 1;
    characters += path.length + to.length;
    if (Math.max(entries, folders.size) > most.count)
      refuse(`its archive has more than ${most.count} files and folders`);
    if (Math.max(characters, folderCharacters) > most.characters)
      refuse(`the paths in its archive have more than ${most.characters} characters together`);
  };
  return {
    add(chunk) {
      if (refused) return;
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (!refused) take(line);
      if (rest.length > MOST_LINE) refusePath(rest, 'is longer than a path can be');
    },
    end() {
      if (rest !== '' && !refused) take(rest);
      if (refused) throw refused;
      return { links, bytes, files: count };
    },
  };
}

const ODD_PART = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Returns a path without dots; undefined where it leads out of where it counts from. */
function plainPath(path: string): string | undefined {
  const plain = path.replace(/^\.\//, '').replace(/\/$/, '');
  if (!ODD_PART.test(plain)) return plain;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return path.startsWith('/') || parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}

function isTooDeep(path: string): boolean {
  return path.length > MOST_FOLDERS && path.split('/').length > MOST_FOLDERS;
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Returns what stands in quotes as C writes it. */
function unquoted(text: string): string {
  const bytes = text
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (ESCAPES[code] ?? code),
    );
  return Buffer.from(bytes, 'latin1').toString();
}
