import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The files that pages load, each under a path that changes with its content. */
export interface Assets {
  /** Paths, without the base. */
  readonly style: string;
  readonly script: string;
  /** What the script imports, so that a browser need not find out one after the other. */
  readonly modules: readonly string[];
  readonly icon: string;
  readonly logStyle: string;
  readonly logScript: string;
  /** Returns the file of a name below `/assets`; undefined if there is none. */
  find(name: string): Asset | undefined;
}

/** A file that pages load. */
export interface Asset {
  readonly type: string;
  readonly text: string;
  /** The same, compressed once for all who take it. */
  readonly gzipped: Buffer;
}

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** The folder lies beside `src`, and beside `dist`. */
const FOLDER = new URL('../../../assets/', import.meta.url);
/** A file that a script imports, by its name. */
const IMPORTED = /(?<=^import .* from '\.\/)[\w-]+\.js(?=';$)/gm;

/** Reads the files that pages load, with what these import. Throws where one is not there. */
export function readAssets(): Assets {
  const known = new Map<string, Asset>();
  const names = new Map<string, string>();
  const addOnce = (name: string): string => {
    const hashed = names.get(name) ?? add(name);
    names.set(name, hashed);
    return hashed;
  };
  const add = (name: string): string => {
    const [first = '', end = ''] = name.split('.');
    // An import changes with what it imports, and with it the name of whoever imports it.
    const text = readFileSync(new URL(name, FOLDER), 'utf8').replace(IMPORTED, addOnce);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const hashed = `${first}.${hash}.${end}`;
    known.set(hashed, { type: TYPES[end as keyof typeof TYPES], text, gzipped: gzipSync(text, { level: 9 }) });
    return hashed;
  };
  const path = (name: string) => `/assets/${addOnce(name)}`;
  const script = path('page.js');
  const modules = [...names].flatMap(([name, hashed]) => (name === 'page.js' ? [] : [`/assets/${hashed}`]));
  return {
    ...{ script, modules },
    style: path('page.css'),
    icon: path('icon.svg'),
    logStyle: path('log.css'),
    logScript: path('log.js'),
    find: (name) => known.get(name),
  };
}
