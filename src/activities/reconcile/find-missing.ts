import type { HookAttempt } from '../../providers/hooks-api.js';

/** A delivery that did not get into the inbox. */
export interface MissingDelivery {
  readonly key: string;
  /** The newest attempt at it. */
  readonly attempt: string;
}

/** What a page of a provider's list tells beside the inbox. */
export interface PageFindings {
  /** Oldest first, as they should come in. */
  readonly missing: readonly MissingDelivery[];
  /** Keys that were answered with 2xx and are not in the inbox: repeats of something that is. */
  readonly answered: readonly string[];
}

/**
 * Returns which deliveries of a page are missing: those that the inbox does not have and of which no attempt succeeded.
 * `known`: keys that the inbox has; `answered`: keys that an earlier page showed to have been answered with 2xx.
 */
export function findMissing(
  attempts: readonly HookAttempt[],
  { known, answered }: { known: ReadonlySet<string>; answered: readonly string[] },
): PageFindings {
  const byKey = new Map<string, HookAttempt[]>();
  for (const attempt of attempts) {
    if (attempt.key === undefined || known.has(attempt.key)) continue;
    byKey.set(attempt.key, [...(byKey.get(attempt.key) ?? []), attempt]);
  }
  const isAnswered = (key: string, tries: readonly HookAttempt[]) =>
    answered.includes(key) || tries.some(({ ok }) => ok);
  return {
    missing: [...byKey]
      .filter(([key, tries]) => !isAnswered(key, tries))
      .flatMap(([key, [newest]]) => (newest ? [{ key, attempt: newest.id, at: newest.at }] : []))
      .sort((a, b) => a.at.localeCompare(b.at))
      .map(({ key, attempt }) => ({ key, attempt })),
    answered: [...byKey].filter(([key, tries]) => isAnswered(key, tries)).map(([key]) => key),
  };
}
