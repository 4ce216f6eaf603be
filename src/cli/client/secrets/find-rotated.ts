import { existsSync } from 'node:fs';
import type { Project } from '../../../config/project.js';
import { harmless } from '../../format/paint.js';
import { UserError } from '../../user-error.js';
import { type ConfiguredSecret, configuredSecrets, generatedPath, placeOf } from './configured-secrets.js';

/** A generated secret that is to be rotated, with all options that name it. */
export interface RotatedSecret {
  readonly name: string;
  readonly path: string;
  readonly uses: readonly [ConfiguredSecret, ...ConfiguredSecret[]];
}

/**
 * Finds the generated secret that somebody means: by its own name, by an option, or by what has it, such as a source. Throws
 * {@link UserError} that says what to do instead where Hookyard does not have the secret itself.
 */
export function findRotated(project: Project, asked: string): RotatedSecret {
  const all = configuredSecrets(project);
  const named = all.filter(({ reference }) => 'generated' in reference && reference.generated === asked);
  const meant = named.length > 0 ? named : all.filter((secret) => isMeant(secret, asked));
  const names = [...new Set(meant.flatMap(({ reference }) => ('generated' in reference ? [reference.generated] : [])))];
  const [name, ...more] = names;
  if (more.length > 0) throw new UserError(`"${harmless(asked)}" has several secrets: name one of ${names.join(', ')}`);
  if (name === undefined) throw new UserError(meant[0] ? byHand(meant[0]) : unknown(all, asked));
  const [first, ...others] = all.filter(({ reference }) => 'generated' in reference && reference.generated === name);
  const path = generatedPath(project, name);
  if (!first || !existsSync(path))
    throw new UserError(
      `There is no secret at ${path} yet: Hookyard makes it when it first starts, so there is none to replace`,
    );
  return { name, path, uses: [first, ...others] };
}

/** An option, the variable or file that it is found in, or what the option belongs to: `github` for `sources.github.secrets[0]`. */
function isMeant({ option, reference }: ConfiguredSecret, asked: string): boolean {
  const place = 'env' in reference ? reference.env : 'file' in reference ? reference.file : undefined;
  if (option === asked || place === asked) return true;
  const [, owner, kind = ''] = option.split('.');
  // What jobs may ask for has `from` where it is for some automations.
  return owner === asked && (kind === '' || kind === 'from' || kind.startsWith('secrets['));
}

function byHand({ option, reference }: ConfiguredSecret): string {
  if ('command' in reference)
    return `${option} is what ${placeOf(reference)} prints: rotate it there. It is taken up within minutes (cacheSeconds)`;
  const [, list, isKeys] = /^(.*\.(?:secrets|(keys)))\[\d+\]$/.exec(option) ?? [];
  const place = placeOf(reference);
  const intro = `${option} is the ${place}, which Hookyard does not write.`;
  if (list === undefined) return `${intro} Put the new value there, and start Hookyard again`;
  const kind = 'file' in reference ? `file('/path')` : `env('NAME')`;
  if (isKeys)
    return (
      `${intro} To rotate it: give ${list} a second entry, ${kind}, that holds the new key, after this one; start Hookyard again, so that ` +
      'both are published; ten minutes later put the new one first, so that it signs; and take the old one out an hour after that'
    );
  return (
    `${intro} To rotate it: give ${list} a second entry, ${kind}, that holds the new value, before this one; start Hookyard again, ` +
    'so that both count; give the other side the new value; and take the old entry out once nothing uses it any more'
  );
}

function unknown(all: readonly ConfiguredSecret[], asked: string): string {
  const names = new Set(all.flatMap(({ reference }) => ('generated' in reference ? [reference.generated] : [])));
  const list = names.size > 0 ? `those that Hookyard has made are ${[...names].join(', ')}` : 'Hookyard has made none';
  return `There is no secret "${harmless(asked)}": ${list}. hookyard secrets lists all`;
}
