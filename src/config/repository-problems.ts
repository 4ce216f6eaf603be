import type { SourceSettings } from '../providers/source.js';
import { problemWithPattern } from '../triggers/pattern-problems.js';

/** Something that is wrong with the sources of the configuration; `path` is below `sources`. */
export interface SourceProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

/** Returns which names of repositories can never match one: the source would speak for none, without a word. */
export function repositoryProblems(sources: Readonly<Record<string, SourceSettings>>): SourceProblem[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    if (!('clone' in source)) return [];
    const { repositories = [], reconcile } = source;
    const looked = reconcile === false ? undefined : reconcile;
    return [
      ...wrongIn([name, 'repositories'], repositories, wrongPattern),
      ...wrongIn([name, 'reconcile', 'repositories'], looked?.repositories ?? [], wrongRepository),
      ...wrongIn([name, 'reconcile', 'organisations'], looked?.organisations ?? [], wrongOrganisation),
    ];
  });
}

type Wrong = (name: string) => string | undefined;

function wrongIn(path: readonly string[], names: readonly string[], wrong: Wrong): SourceProblem[] {
  return names.flatMap((name, i) => {
    const because = wrong(name);
    return because === undefined ? [] : [{ path: [...path, i], message: `${JSON.stringify(name)} ${because}` }];
  });
}

const wrongPattern: Wrong = (pattern) => problemWithPattern(pattern, 'repository');

const wrongRepository: Wrong = (name) =>
  /[*?[\]{}()!]/.test(name)
    ? 'is a pattern: only names are looked at here, owner/name'
    : problemWithPattern(name, 'repository');

const wrongOrganisation: Wrong = (name) => {
  const plain = name.replace(/^https?:\/\/[^/]+\//, '').split('/')[0] ?? '';
  return /^[\w.-]+$/.test(name)
    ? undefined
    : `is not the name of an organisation; did you mean ${JSON.stringify(plain)}?`;
};
