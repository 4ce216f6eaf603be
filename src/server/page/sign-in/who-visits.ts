import type { IncomingMessage } from 'node:http';
import type { Config } from '../../../config/config.js';
import { createIsProxy } from '../../http/peer.js';
import { isHere } from './is-here.js';
import { createProxyUser } from './proxy-user.js';
import type { Sessions } from './session.js';
import type { Visitor } from './visitor.js';

/**
 * Returns what tells who sends a request: who has signed in, who a trusted proxy says has, or somebody on this machine, where that is
 * enough. Undefined for everybody else. Throws {@link HttpError} (403) for who has no role.
 */
export function createWhoVisits(
  server: Pick<Config['server'], 'signIn' | 'trustedProxies' | 'publicUrl'>,
  sessions: Pick<Sessions, 'read'>,
): (req: IncomingMessage) => Visitor | undefined {
  const { signIn, trustedProxies, publicUrl } = server;
  const isProxy = createIsProxy(trustedProxies);
  const proxyUser = createProxyUser(signIn.proxy, isProxy);
  const isOpen = signIn.loopback === undefined ? !isReachable(publicUrl) : signIn.loopback === 'open';
  const somebodyHere: Visitor = { who: 'an operator on this machine', role: 'operator', how: 'here' };
  return (req) => {
    const known = sessions.read(req) ?? proxyUser(req);
    if (known) return known;
    // A proxy on this machine passes on what comes from anywhere.
    const isDirect = signIn.loopback === 'open' || !isProxy(req.socket.remoteAddress);
    return isOpen && isDirect && isHere(req) ? somebodyHere : undefined;
  };
}

/** Whether others reach the server: then something on this machine may pass on what they send, and not say so. */
function isReachable(publicUrl: string | undefined): boolean {
  return publicUrl !== undefined && !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(publicUrl).hostname);
}
