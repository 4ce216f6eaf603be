import { PathError } from './list-paths.js';

/** What an archive puts where, by paths from where it is unpacked. */
export interface Contents {
  /** Symbolic links, and where they lead. */
  readonly links: ReadonlyMap<string, string>;
}

/** Reads the lines that `tar` prints with {@link LISTING}. */
export interface ContentsReader {
  add(chunk: Buffer): void;
  /** Returns what the lines have told. Throws {@link PathError} for an archive that must not be unpacked. */
  end(): Contents;
}

/** Has `tar` tell of each entry what it is and where it leads: the program that unpacks it reads it, so both see the same. */
export const LISTING = ['--list', '--verbose', '--numeric-owner', '--quoting-style=c'] as const;

const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const LINE = new RegExp(`^(.)\\S+ +\\S+ +\\S+ +\\S+ +\\S+ (${QUOTED})(?: (?:->|link to) (${QUOTED}))?$`);

/**
 * Returns what reads what is in an archive. It refuses what would be put elsewhere than its path says, or be something else than a file, a
 * folder or a link: paths that lead out, entries below what is no folder, and hard links to what the archive has not put there itself.
 */
export function readContents(): ContentsReader {
  const links = new Map<string, string>();
  const files = new Set<string>();
  const paths: string[] = [];
  let refused: PathError | undefined;
  let rest = '';
  const refuse = (path: string, because: string) => {
    refused ??= new PathError(`in its archive, ${path} ${because}`);
  };
  const take = (line: string) => {
    const [, kind, name = '', to] = LINE.exec(line) ?? [];
    const path = plainPath(unquoted(name));
    if (kind === undefined || path === undefined) return refuse(name || line.slice(0, 100), 'is no path below it');
    paths.push(path);
    if (kind === '-') files.add(path);
    else if (kind === 'l') links.set(path, unquoted(to ?? ''));
    else if (kind === 'h') {
      const target = plainPath(unquoted(to ?? ''));
      if (target === undefined || !files.has(target)) return refuse(path, 'is a hard link to what is not in it');
      files.add(path);
    } else if (kind !== 'd') refuse(path, 'is neither a file nor a folder nor a link');
  };
  return {
    add(chunk) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (!refused) take(line);
    },
    end() {
      if (rest !== '') take(rest);
      const below = paths.find((path) => parentsOf(path).some((parent) => links.has(parent) || files.has(parent)));
      if (below !== undefined) refuse(below, 'lies below what is no folder');
      if (refused) throw refused;
      return { links };
    },
  };
}

/** Returns a path without dots; undefined where it leads out of where it counts from. */
function plainPath(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return path.startsWith('/') || parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
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
