import type { Config } from '../../../config/config.js';
import { leadsElsewhere } from '../../../config/reached-as.js';
import type { Logger } from '../../../log.js';
import { createIsProxy } from '../../http/peer.js';
import { isHere, passedOn, type RequestHead } from './is-here.js';

/** Decides whether who opens the page on this machine has to sign in. */
export interface Loopback {
  /** False: no request changes anything, so none need be looked at. */
  readonly isWatching: boolean;
  /** Looks at a request of any path: one that something on this machine has passed on ends the openness, until the next start. */
  watch(req: RequestHead): void;
  /** Returns whether who sends this needs no sign-in. */
  lets(req: RequestHead): boolean;
}

/** What {@link createLoopback} works with. */
export interface LoopbackDeps {
  readonly server: Pick<Config['server'], 'signIn' | 'trustedProxies' | 'publicUrl'>;
  /** Returns by which address others reach the server, where a command has written one down. */
  readonly reachedAs: () => string | undefined;
  readonly log: Logger;
}

/** Creates what decides it: by the settings, or where those leave it open, by what shows that others reach the server. */
export function createLoopback({ server, reachedAs, log }: LoopbackDeps): Loopback {
  const { signIn, trustedProxies, publicUrl } = server;
  const isProxy = createIsProxy(trustedProxies);
  if (signIn.loopback !== undefined)
    return { isWatching: false, watch() {}, lets: (req) => signIn.loopback === 'open' && isHere(req) };

  let isOpen = (publicUrl === undefined || !leadsElsewhere(publicUrl)) && !isProxy('127.0.0.1');
  const close = (because: string) => {
    isOpen = false;
    log.warn(
      { because },
      'the page asks for a sign-in on this machine too from now on, since others may reach it: set server.publicUrl if they do, else server.signIn.loopback',
    );
  };
  const look = () => {
    const address = isOpen ? reachedAs() : undefined;
    if (address !== undefined) close(`webhooks were given the address ${address}`);
  };
  look();
  return {
    get isWatching() {
      return isOpen;
    },
    watch(req) {
      const because = isOpen ? passedOn(req) : undefined;
      // Asked last: comparing an address with ranges takes longer than all else, and this is done for each delivery.
      if (because !== undefined && !isProxy(req.socket.remoteAddress)) close(because);
    },
    lets(req) {
      // A proxy on this machine passes on what comes from anywhere.
      if (!isOpen || isProxy(req.socket.remoteAddress) || !isHere(req)) return false;
      look();
      return isOpen;
    },
  };
}
