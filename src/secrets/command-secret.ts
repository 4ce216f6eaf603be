import { rememberRotated } from './known-secrets.js';
import type { CommandReference } from './reference.js';
import { type CommandAnswer, inWords, runCommand, runCommandSync } from './run-command.js';
import { Secret, type SecretLog } from './secret.js';
import type { SecretRule } from './secret-rule.js';

/** Says why a secret that a command prints is not to be had. The message names its option, and says what to do. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

/** A secret that a command prints, and how it is found for the first time. */
export interface CommandSecret {
  readonly secret: Secret;
  /** Runs the command if it has not run yet. Returns why there is no secret, and what a person should know of it. */
  first(): { readonly problem?: string; readonly warnings: readonly string[] };
}

const DEFAULT_CACHE_S = 300;
/** In milliseconds: how soon a command that failed is run again, at the earliest. */
const AGAIN_MS = 30_000;

/**
 * Returns the secret that a command prints. Its value counts for as long as the reference says: whoever uses it after that has the
 * command run again, and gets the value before until that is done, or waits for it by `refresh`. What can't be taken anew stays as it
 * was, and who watches is told once. Every value is hidden from then on in all that this process puts out.
 */
export function commandSecret(
  reference: CommandReference,
  { rule, option }: { readonly rule: SecretRule; readonly option: string },
): CommandSecret {
  const cacheMs = (reference.cacheSeconds ?? DEFAULT_CACHE_S) * 1_000;
  let current: string | undefined;
  /** Unix ms. */
  let takenAt = 0;
  /** Why it is older than it may be. */
  let stale: string | undefined;
  let log: SecretLog | undefined;
  let warnings: readonly string[] = [];
  let dueAt = 0;
  let refreshing: Promise<string | undefined> | undefined;

  /** Returns why an answer can't be used. */
  const take = (answer: CommandAnswer): string | undefined => {
    const judged = 'problem' in answer ? answer : rule.judge(answer.text);
    if ('problem' in judged) {
      dueAt = performance.now() + Math.min(AGAIN_MS, cacheMs);
      const because = 'problem' in answer ? answer.problem : `what ${inWords(reference)} prints ${judged.problem}`;
      if (current === undefined) return because;
      const used = `what it printed at ${new Date(takenAt).toISOString()} is used meanwhile`;
      if (stale === undefined) log?.warn(`${option} is stale: ${because}; ${used}, and it is run again with each use`);
      stale = `${because}; ${used}`;
      return stale;
    }
    if (stale !== undefined) log?.info(`${option} is no longer stale: ${inWords(reference)} has printed it again`);
    stale = undefined;
    takenAt = Date.now();
    dueAt = performance.now() + cacheMs;
    warnings = judged.warnings.map((warning) => `what ${inWords(reference)} prints ${warning}`);
    if (judged.text !== current) rememberRotated(option, judged.text);
    current = judged.text;
    return undefined;
  };
  const refresh = async (): Promise<string | undefined> => {
    if (performance.now() < dueAt) return stale;
    refreshing ??= runCommand(reference)
      .then(take)
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };
  const values = () => {
    if (current === undefined) {
      const problem = take(runCommandSync(reference));
      if (current === undefined) throw new SecretUnavailable(`${option}: ${problem}`);
    } else void refresh();
    return [current] as const;
  };
  return {
    secret: new Secret(values, {
      refresh,
      known: () => (current === undefined ? [] : [current]),
      watch(to) {
        log = to;
      },
    }),
    first() {
      const problem = current === undefined ? take(runCommandSync(reference)) : undefined;
      return { ...(problem !== undefined && { problem }), warnings };
    },
  };
}
