import { z } from 'zod';
import { isOlder, type ServerVersion } from '../../server-version.js';
import { text } from '../../shapes.js';
import type { GiteaConnection } from './connection.js';

const versionSchema = z.object({ version: text(100) });

/**
 * Asks a server of Gitea or Forgejo for its version. After Gitea 1.26 comes 28. Forgejo counts for itself, and names the
 * Gitea whose API it has: `11.0.1+gitea-1.22.0`. Source: https://docs.gitea.com/api/ (getVersion)
 */
export async function giteaVersion(connection: GiteaConnection): Promise<ServerVersion> {
  const { version } = await connection.get({ path: '/version' }, versionSchema, 'version');
  const api = /\+gitea-(.*)$/.exec(version)?.[1] ?? version;
  const lacks = isOlder(api, [1, 22])
    ? ['it can not compare commits: automations with paths run on every push (Gitea 1.22 and newer can)']
    : [];
  return { version, lacks };
}
