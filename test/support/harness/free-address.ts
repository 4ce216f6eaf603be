import { listen } from '../../../src/server/listen.js';

/** Returns an address on this machine where nobody listens, and nobody did a moment ago. */
export async function freeAddress(): Promise<{ readonly url: string; readonly port: number }> {
  const { url, port, close } = await listen(() => undefined, { host: '127.0.0.1', port: 0 });
  await close(0);
  return { url, port };
}
