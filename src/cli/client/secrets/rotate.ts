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
  const value = newValue(uses);
  try {
    rotateFile(path, { value, until, now });
  } catch (error) {
    throw dataFolderError(project.data, error as NodeJS.ErrnoException);
  }
  return until;
}

/** Returns a new value that all options which name the secret take. */
function newValue(uses: RotatedSecret['uses']): string {
  const rules = uses.map(({ needed }) => needed.rule);
  for (let tries = 1; tries <= TRIES; tries += 1)
    for (const { make } of rules) {
      const value = make();
      if (rules.every((rule) => 'text' in rule.judge(value))) return value;
    }
  throw new UserError(`No secret fits ${uses.map(({ option }) => option).join(' and ')}: give each a name of its own`);
}
