import type { IncomingMessage } from 'node:http';
import type { SignInSettings } from '../../../config/sign-in.js';
import { HttpError } from '../../http/http-error.js';
import { plainName } from '../../plain-name.js';
import { MAX_WHO, roleOf, type Visitor } from './visitor.js';

/**
 * Returns what reads who has signed in to a proxy in front: undefined where no proxy says it. Nobody else is believed. Throws
 * {@link HttpError} (403) for who has no role here.
 */
export function createProxyUser(
  settings: SignInSettings['proxy'],
  isProxy: (address: string | undefined) => boolean,
): (req: IncomingMessage) => Visitor | undefined {
  return (req) => {
    if (!settings || !isProxy(req.socket.remoteAddress)) return undefined;
    const [who, ...more] = req.headersDistinct[settings.header] ?? [];
    if (!who) return undefined;
    if (more.length > 0) throw new HttpError(400, `the header ${settings.header} is there more than once`);
    const role = roleOf([who], settings);
    if (!role) throw new HttpError(403, notAllowed(who, 'server.signIn.proxy'));
    return { who: plainName(who, MAX_WHO), role, how: 'proxy' };
  };
}

/** Returns what somebody reads who has signed in, and has no role. */
export function notAllowed(who: string, option: string): string {
  return `you are signed in as ${who}, who may not look: whoever runs this can name you in ${option}.viewers or .operators`;
}
