import type { Config } from '../../config/config.js';
import { Secret } from '../../secrets/secret.js';
import { isIdToken } from '../contract/id-token.js';
import type { VariableValue } from '../contract/index.js';
import type { JobLog } from './job-log.js';
import type { JobMask } from './masks/job-mask.js';

/**
 * Takes the secrets anew that an environment names, where their values are too old, and has the job hide what they are by then. One that
 * can't be taken anew stays as it was, and the job's log says why.
 */
export async function freshen(
  { secrets }: Pick<Config, 'secrets'>,
  env: Readonly<Record<string, VariableValue>>,
  { masks, jobLog }: { readonly masks: Pick<JobMask, 'hideToo'>; readonly jobLog: Pick<JobLog, 'note'> },
): Promise<void> {
  for (const value of Object.values(env)) {
    if (typeof value !== 'object' || value === null || isIdToken(value) || !Object.hasOwn(secrets, value.secret))
      continue;
    const found = secrets[value.secret];
    const secret = found instanceof Secret ? found : found?.from;
    if (!secret?.canChange) continue;
    const because = await secret.refresh();
    if (because !== undefined) await jobLog.note(`the secret "${value.secret}" is as it was before: ${because}`);
    for (const one of secret.revealKnown()) masks.hideToo(one);
  }
}
