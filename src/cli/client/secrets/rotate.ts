import { readFileSync } from 'node:fs';
import { dataFolderError } from '../../../config/data-folder.js';
import type { Project } from '../../../config/project.js';
import { rotateFile } from '../../../secrets/rotating-file.js';
import { UserError } from '../../user-error.js';
import type { RotatedSecret } from './find-rotated.js';

const TRIES = 5;

/**
 * Replaces a generated secret by a new one; the old one counts for `overlapMs` milliseconds more. Returns until when (Unix
 * ms). Throws {@link UserError} and `ConfigError`.
 */
export function rotate(project: Pick<Project, 'data'>, { path, uses }: RotatedSecret, overlapMs: number): number {
  const now = Date.now();
  const until = now + overlapMs;
  try {
    rotateFile(path, { value: newValue(uses, readFileSync(path, 'utf8')), until, now });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw dataFolderError(project.data, error as NodeJS.ErrnoException);
  }
  return until;
}

/** Returns a new value that all options which name the secret take, of the kind of the one before. */
function newValue(uses: RotatedSecret['uses'], before: string): string {
  const rules = uses.map(({ needed }) => needed.rule);
  for (let tries = 1; tries <= TRIES; tries += 1)
    for (const { make, makeLike = make } of rules) {
      const value = makeLike(before);
      if (rules.every((rule) => 'text' in rule.judge(value))) return value;
    }
  throw new UserError(`No secret fits ${uses.map(({ option }) => option).join(' and ')}: give each a name of its own`);
}
