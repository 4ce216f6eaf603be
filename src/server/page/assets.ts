import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The files that pages load, each under a path that changes with its content. */
export interface Assets {
  /** Paths, without the base. */
  readonly style: string;
  readonly script: string;
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
}

const FILES = {
  style: ['page.css', 'text/css; charset=utf-8'],
  script: ['page.js', 'text/javascript; charset=utf-8'],
  icon: ['icon.svg', 'image/svg+xml'],
  logStyle: ['log.css', 'text/css; charset=utf-8'],
  logScript: ['log.js', 'text/javascript; charset=utf-8'],
} as const;

/** The folder lies beside `src`, and beside `dist`. */
const FOLDER = new URL('../../../assets/', import.meta.url);

/** Reads the files that pages load. Throws where one is not there. */
export function readAssets(): Assets {
  const known = new Map<string, Asset>();
  const add = ([name, type]: readonly [string, string]) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const hashed = name.replace('.', `.${hash}.`);
    known.set(hashed, { type, text });
    return `/assets/${hashed}`;
  };
  return {
    style: add(FILES.style),
    script: add(FILES.script),
    icon: add(FILES.icon),
    logStyle: add(FILES.logStyle),
    logScript: add(FILES.logScript),
    find: (name) => known.get(name),
  };
}
