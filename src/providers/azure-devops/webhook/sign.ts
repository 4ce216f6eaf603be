import type { Signed } from '../../sign.js';

/** Returns the credentials that Azure DevOps sends: nothing is signed, and event and id stand in the body. */
export function sign({ username }: { username: string }): Signed {
  return { by: 0, headers: {}, credential: { kind: 'basic', header: 'authorization', username } };
}
