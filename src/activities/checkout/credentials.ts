import { AsyncResource } from 'node:async_hooks';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { built } from '../../paths.js';
import { notConfigured } from '../failures.js';
import type { GitRemote } from '../git/remote.js';
import type { Workspace } from '../job/workspace.js';
import { answerTo } from './credential-protocol.js';
import { quoted } from './git-folder.js';
import { SOCKET, socketFolderOf } from './socket-folder.js';

/** In bytes: what one question of git's may have. */
const MAX_QUESTION = 16_384;
const QUESTION_MS = 10_000;
const MAX_AT_ONCE = 64;

/**
 * Lets git in the steps fetch from a repository and push to it, until the returned function is called: git asks a program of ours,
 * which asks this process by a socket, so that the token stands in no file, no environment and no command line. Only questions
 * about the repository's own host are answered. Throws `NotConfigured` where there is no token that could be handed on.
 */
export async function serveCredentials({
  workspace,
  remote,
  renew,
}: {
  workspace: Pick<Workspace, 'folder' | 'home'>;
  remote: GitRemote;
  /** Returns the remote with a token that counts: some last an hour. */
  renew: () => Promise<GitRemote>;
}): Promise<() => Promise<void>> {
  // A repository on this machine needs none.
  if (!/^(?:https?|ssh):|^[\w.-]+@/.test(remote.url)) return async () => undefined;
  if (!/^https?:/.test(remote.url) || !remote.token)
    throw notConfigured(
      `checkout.credentials: source "${remote.source}" has no token for ${remote.url}: clone it by https, with clone.token or the token of its api`,
    );
  const { host, protocol } = new URL(remote.url);
  const own = { host, protocol: protocol.replace(':', '') };
  const folder = socketFolderOf(workspace.folder);
  if (folder !== workspace.folder) await mkdir(folder, { mode: 0o700 });
  const path = join(folder, SOCKET);
  // As part of the activity: the token may have to be asked for.
  const answer = AsyncResource.bind(async (question: string) => answerTo(question, { own, renew }));
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket.once('close', () => open.delete(socket)));
    void serve(socket, answer);
  });
  server.maxConnections = MAX_AT_ONCE;
  await new Promise<void>((resolve, reject) => {
    // For as long as it listens: one that nobody hears would end the process.
    server.on('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o600);
  await writeFile(join(workspace.home, '.gitconfig'), configOf(remote.url, path), { mode: 0o600 });
  return async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of open) socket.destroy();
    await closed;
    if (folder !== workspace.folder) await rm(folder, { recursive: true, force: true });
  };
}

/** Returns what `~/.gitconfig` says: our program for this host, and none of the machine's beside it. */
function configOf(url: string, socket: string): string {
  const program = [process.execPath, built('activities/checkout/credential-helper.js'), socket];
  const command = `!NODE_OPTIONS= ${program.map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(' ')}`;
  return `[credential ${quoted(new URL(url).origin)}]\n\thelper =\n\thelper = ${quoted(command)}\n`;
}

async function serve(socket: Socket, answer: (question: string) => Promise<string>): Promise<void> {
  socket.setTimeout(QUESTION_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  try {
    let question = '';
    socket.setEncoding('utf8');
    for await (const part of socket.iterator({ destroyOnReturn: false })) {
      question += part;
      if (question.length > MAX_QUESTION) return void socket.destroy();
    }
    socket.setTimeout(0);
    socket.end(await answer(question));
  } catch {
    // Git then says that it has no credentials.
    socket.destroy();
  }
}
