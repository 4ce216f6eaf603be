import type { Config } from '../../../config/config.js';
import type { SourceRepository } from './needed-kinds.js';

/**
 * Returns the command that sets a repository's webhook, for people to copy. Where the configuration does not say how
 * others reach the server, the command has to.
 */
export function connectCommand(
  { source, repository }: SourceRepository,
  { publicUrl }: Pick<Config['server'], 'publicUrl'>,
): string {
  const command = `npx hookyard connect ${source} ${repository}`;
  return publicUrl ? command : `${command} --url https://<your host>`;
}
