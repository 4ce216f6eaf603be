import { describe } from 'vitest';
import { whyNoSandbox } from '../../../src/activities/job/runners/sandbox/requirements.js';

const missing = await whyNoSandbox();

/** A group of tests that need a sandbox: where this machine can make none, they are skipped, under the reason. */
export function inSandbox(name: string, tests: () => void): void {
  describe.skipIf(missing !== undefined)(missing ? `${name} (not tried here: ${missing.because})` : name, tests);
}
