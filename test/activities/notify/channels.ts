import type { ConfigInput } from '../../../src/config/index.js';
import { depsOf } from '../../support/harness/activity.js';
import { configOf } from '../../support/harness/config.js';

/** What the notifying activities are made from: `channels`, with `values` for the environment variables they name. */
export function depsWith(channels: NonNullable<ConfigInput['channels']>, values: Readonly<Record<string, string>>) {
  const sources: ConfigInput['sources'] = { github: { kind: 'github', secrets: [{ env: 'HOOK' }] } };
  return depsOf(configOf({ sources, channels }, { HOOK: 'x', ...values }));
}
