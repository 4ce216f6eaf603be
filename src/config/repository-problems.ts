import { isGitSource, type Sources } from '../providers/source.js';
import { problemWithPattern } from '../triggers/pattern-problems.js';

/** Returns, a line each, which names of repositories can never match one: the source would speak for none, without a word. */
export function repositoryProblems(sources: Sources): string[] {
  return Object.entries(sources).flatMap(([name, source]) => {
    if (!isGitSource(source)) return [];
    const { repositories = [], reconcile } = source;
    const looked = reconcile === false ? undefined : reconcile;
    return [
      ...wrongIn(`sources.${name}.repositories`, repositories, wrongPattern),
      ...wrongIn(`sources.${name}.reconcile.repositories`, looked?.repositories ?? [], wrongRepository),
      ...wrongIn(`sources.${name}.reconcile.organisations`, looked?.organisations ?? [], wrongOrganisation),
    ];
  });
}

type Wrong = (name: string) => string | undefined;

function wrongIn(option: string, names: readonly string[], wrong: Wrong): string[] {
  return names.flatMap((name, i) => {
    const because = wrong(name);
    return because === undefined ? [] : [`${option}[${i}]: ${JSON.stringify(name)} ${because}`];
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
