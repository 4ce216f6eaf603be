import type { IncomingMessage } from 'node:http';
import type { Config } from '../../../config/config.js';
import { createIsProxy } from '../../http/peer.js';
import type { Loopback } from './loopback.js';
import { createProxyUser } from './proxy-user.js';
import type { Sessions } from './session.js';
import type { Visitor } from './visitor.js';

const SOMEBODY_HERE: Visitor = { who: 'an operator on this machine', role: 'operator', how: 'here' };

/**
 * Returns what tells who sends a request: who has signed in, who a trusted proxy says has, or somebody on this machine, where that is
 * enough. Undefined for everybody else. Throws {@link HttpError} (403) for who has no role.
 */
export function createWhoVisits(
  { signIn, trustedProxies }: Pick<Config['server'], 'signIn' | 'trustedProxies'>,
  { sessions, loopback }: { readonly sessions: Pick<Sessions, 'read'>; readonly loopback: Pick<Loopback, 'lets'> },
): (req: IncomingMessage) => Visitor | undefined {
  const proxyUser = createProxyUser(signIn.proxy, createIsProxy(trustedProxies));
  return (req) => sessions.read(req) ?? proxyUser(req) ?? (loopback.lets(req) ? SOMEBODY_HERE : undefined);
}
