import { z } from 'zod';
import { isOlder, type ServerVersion } from '../../server-version.js';
import { text } from '../../shapes.js';
import type { GitlabSource } from '../settings.js';
import type { GitlabConnection } from './connection.js';

const versionSchema = z.object({ version: text(100) });

/** Asks GitLab for its version: `17.4.1-ee`. Source: https://docs.gitlab.com/api/version/ */
export async function gitlabVersion(
  connection: GitlabConnection,
  { repeatedBody }: Pick<GitlabSource, 'repeatedBody'>,
): Promise<ServerVersion> {
  const { version } = await connection.get({ path: '/version' }, versionSchema, 'version');
  const isWithoutIds = isOlder(version, [17, 4]) && repeatedBody === undefined;
  const lacks = isWithoutIds
    ? [
        'its deliveries have no id: one that is sent again starts runs again, unless repeatedBody is set (17.4 and newer)',
      ]
    : [];
  return { version, lacks };
}
