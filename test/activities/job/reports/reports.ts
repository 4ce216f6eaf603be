import { readFileSync } from 'node:fs';
import { createJunitParser } from '../../../../src/activities/job/reports/junit.js';
import type { CaseSink, RawCase } from '../../../../src/activities/job/reports/raw-case.js';
import { createTapParser } from '../../../../src/activities/job/reports/tap/parser.js';

export interface Read {
  readonly cases: RawCase[];
  readonly notes: string[];
  /** Names that were said to fail at once. */
  readonly failing: string[];
}

export function fixture(name: string): string {
  return readFileSync(new URL(`files/${name}`, import.meta.url), 'utf8');
}

/** Reads JUnit XML in pieces of a size. */
export function readJunit(text: string, pieces = text.length || 1): Read {
  const read = sink();
  const parser = createJunitParser(read.sink);
  for (let at = 0; at < text.length; at += pieces) if (!parser.write(text.slice(at, at + pieces))) break;
  parser.end();
  return readOf(read);
}

export function readTap(text: string): Read {
  const read = sink();
  const parser = createTapParser(read.sink, (name) => read.failing.push(name));
  for (const line of text.split('\n')) parser.line(line);
  parser.end();
  return readOf(read);
}

function readOf({ cases, notes, failing }: Read): Read {
  return { cases, notes, failing };
}

function sink(): Read & { readonly sink: CaseSink } {
  const read: Read = { cases: [], notes: [], failing: [] };
  return {
    ...read,
    sink: {
      add: (found) => read.cases.push(found) > 0,
      note: (text) => void read.notes.push(text),
    },
  };
}

/** Returns each test as `outcome suite > name`. */
export function outcomesOf({ cases }: Read): string[] {
  return cases.map(({ outcome, suite, name }) => `${outcome} ${suite === undefined ? '' : `${suite} > `}${name}`);
}
