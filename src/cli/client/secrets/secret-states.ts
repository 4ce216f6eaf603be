import { statSync } from 'node:fs';
import type { Project } from '../../../config/project.js';
import { readReplaced } from '../../../secrets/rotating-file.js';
import { secretsOf } from '../source-secrets.js';
import { configuredSecrets, generatedPath, placeOf } from './configured-secrets.js';

/** What is known of a secret. It never holds a value. */
export interface SecretState {
  /** The option that names it. */
  readonly option: string;
  /** Where it is found. */
  readonly from: string;
  /** Its name, where Hookyard has made it: what `hookyard secrets rotate` takes. */
  readonly generated?: string;
  readonly state: 'set' | 'not set' | 'unusable';
  /** Why it is not set, or can't work. */
  readonly because?: string;
  /** When its file was written. ISO 8601. */
  readonly since?: string;
  /** Until when those that it has replaced count. ISO 8601, newest first. */
  readonly replacedUntil?: readonly string[];
}

/** Returns what is known of every secret that a project names. Nothing is written. */
export function secretStates(project: Project): readonly SecretState[] {
  return configuredSecrets(project).map(({ option, needed, reference }) => {
    const finder = secretsOf(project);
    const isThere = finder.find(needed, option) !== undefined;
    const [problem] = finder.problems;
    const because = problem?.slice(`${option}: `.length);
    const state = isThere ? 'set' : finder.refused.has(option) ? 'unusable' : 'not set';
    const known = { option, from: placeOf(reference), state, ...(because && { because }) } as const;
    if (!('generated' in reference)) return known;
    const path = generatedPath(project, reference.generated);
    const written = statSync(path, { throwIfNoEntry: false });
    const replaced = isThere ? readReplaced(path, Date.now()) : [];
    return {
      ...known,
      generated: reference.generated,
      ...(written && { since: written.mtime.toISOString() }),
      ...(replaced.length > 0 && { replacedUntil: replaced.map(({ until }) => new Date(until).toISOString()) }),
    };
  });
}
