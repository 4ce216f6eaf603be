import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Name of the socket by which git in a job's steps asks for credentials. */
export const SOCKET = 'git.sock';
/** Name of the environment variable that says where the socket is. The helper, which is a file by itself, has it too. */
export const SOCKET_VARIABLE = 'HOOKYARD_GIT_SOCKET';
/** In bytes: no socket has a longer path, on Linux 107 and elsewhere less. */
const MAX_PATH = 100;

/**
 * Returns the folder of a workspace's socket: the workspace's own, or where its path is too long one for temporary files, which is
 * named after it, so that it is found when the worker was killed.
 */
export function socketFolderOf(workspace: string): string {
  if (Buffer.byteLength(join(workspace, SOCKET)) <= MAX_PATH) return workspace;
  const name = createHash('sha256').update(workspace).digest('hex').slice(0, 24);
  return join(tmpdir(), `hookyard-${name}`);
}
