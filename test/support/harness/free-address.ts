import { randomInt } from 'node:crypto';
import { listen } from '../../../src/server/listen.js';

/**
 * Below the ports that Linux and macOS give to whoever connects or listens on any: one of those may be taken a moment later. And above 10080,
 * which `fetch` and browsers refuse.
 */
const [FIRST, LAST] = [10_100, 32_000];
const TRIES = 50;

/** Returns an address on this machine where nobody listens, and nobody did a moment ago. */
export async function freeAddress(): Promise<{ readonly url: string; readonly port: number }> {
  for (let tries = 1; ; tries++)
    try {
      const { url, port, close } = await listen(() => undefined, { host: '127.0.0.1', port: randomInt(FIRST, LAST) });
      await close(0);
      return { url, port };
    } catch (error) {
      if (tries === TRIES || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
}
