import type { Server, Socket } from 'node:net';
import { networkOf } from './peer.js';

/** Who holds more than this part of all connections makes room for others. */
const LARGE_PART = 0.1;

/**
 * Has a server hold at most `most` connections. One above that is closed unread, unless somebody else holds more than a tenth of all,
 * and more than who comes: then it is the oldest of theirs. So whoever opens thousands keeps nobody else out. `onClosed` is called for
 * each that is closed.
 */
export function boundConnections(
  server: Server,
  { most, onClosed }: { readonly most: number; readonly onClosed: () => void },
): void {
  /** Oldest first. */
  const byPeer = new Map<string, Set<Socket>>();
  /** Ten at most, so that looking through them takes no time however many senders there are. */
  const large = new Set<string>();
  let count = 0;

  function forget(socket: Socket, peer: string): void {
    const own = byPeer.get(peer);
    if (!own?.delete(socket)) return;
    count -= 1;
    if (own.size <= most * LARGE_PART) large.delete(peer);
    if (own.size === 0) byPeer.delete(peer);
  }

  /** Returns who makes room for somebody who comes: whoever holds most, who may be the same. */
  function whoMakesRoom(peer: string): string {
    const heldBy = (one: string) => byPeer.get(one)?.size ?? 0;
    return [...large].reduce((found, one) => (heldBy(one) > heldBy(found) ? one : found), peer);
  }

  server.on('connection', (socket: Socket) => {
    const peer = networkOf(socket.remoteAddress ?? '');
    const own = byPeer.get(peer) ?? new Set<Socket>();
    byPeer.set(peer, own.add(socket));
    count += 1;
    if (own.size > most * LARGE_PART) large.add(peer);
    socket.once('close', () => forget(socket, peer));
    if (count <= most) return;
    const from = whoMakesRoom(peer);
    const theirs: Iterable<Socket> = from === peer ? [] : (byPeer.get(from) ?? []);
    const [oldest = socket] = theirs;
    forget(oldest, from);
    oldest.destroy();
    onClosed();
  });
}
