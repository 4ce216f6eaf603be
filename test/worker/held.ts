import { join } from 'node:path';
import { packageRoot } from '../../src/paths.js';
import { type Installation, openInstallation } from '../support/harness/installation.js';

/** A folder with an automation whose step goes on until the worker tells it to stop. */
export const HELD = join(packageRoot, 'test/worker/held');

/** Opens an installation with that automation. */
export function openHeld(): Promise<Installation> {
  return openInstallation({
    name: 'held',
    automations: HELD,
    config: () => ({
      sources: { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } },
      activities: join(packageRoot, 'test/worker/held-steps.ts'),
    }),
    values: { HOOK: 'secret' },
  });
}
