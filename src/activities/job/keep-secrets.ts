import { isIdToken } from '../contract/id-token.js';
import type { RunJobInput, VariableValue } from '../contract/index.js';
import { refused } from '../failures.js';
import { isTrusted } from './trust.js';

/** What of a job says whether secrets are for its code, and which it asks for. */
export interface AsksForSecrets extends Pick<RunJobInput, 'checkout' | 'trust'> {
  /** Of the job, or of one of its steps. */
  readonly env: Readonly<Record<string, VariableValue>>;
  /** Names of those that its steps ask for, as far as they are known yet. */
  readonly stepSecrets?: readonly string[] | undefined;
}

/**
 * Throws `Refused` where code that may be a stranger's asks for secrets, unless its automation trusts it: it could send them away. An
 * empty value in their place would have it fail later, and say nothing.
 */
export function keepFromStrangers({ checkout, trust, env, stepSecrets = [] }: AsksForSecrets): void {
  if (trust === true || isTrusted(checkout)) return;
  const own = Object.entries(env).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !isIdToken(value)
      ? [`${JSON.stringify(value.secret)} (env ${name})`]
      : [],
  );
  const asked = own.length > 0 ? own : stepSecrets.map((name) => JSON.stringify(name));
  if (asked.length === 0) return;
  throw refused(
    `the code may be a stranger's, and gets no secrets: ${asked.join(', ')}. Give it a job without them, or set trust: true if somebody reads the code before each run`,
  );
}
