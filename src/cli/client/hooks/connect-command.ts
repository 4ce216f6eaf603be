import type { Config } from '../../../config/config.js';
import { calledHere } from '../../format/called-here.js';
import { typedWord } from '../../format/typed-word.js';
import type { SourceRepository } from './needed-kinds.js';

/** Stands for a repository that people fill in. */
export const ANY_REPOSITORY = '<owner/name>';

/**
 * Returns the command that sets a repository's webhook, for people to copy. Where the configuration does not say how
 * others reach the server, the command has to.
 */
export function connectCommand(
  { source, repository }: SourceRepository,
  { publicUrl }: Pick<Config['server'], 'publicUrl'>,
): string {
  const name = repository === ANY_REPOSITORY ? repository : typedWord(repository);
  const command = `${calledHere()} connect ${source} ${name}`;
  return publicUrl ? command : `${command} --url https://<your host>`;
}
