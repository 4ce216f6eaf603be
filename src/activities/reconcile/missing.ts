import type { HookAttempt } from '../../providers/api.js';

/** A delivery that nobody has taken in. */
export interface Missing {
  readonly key: string;
  /** The newest attempt at it. */
  readonly attempt: string;
}

export interface Verdicts {
  readonly missing: readonly Missing[];
  /** Answered with 2xx and not in the inbox: a repeat of something that is. */
  readonly answered: readonly string[];
}

/**
 * Groups attempts by delivery, and tells which deliveries are missing: the inbox has them not, and no attempt succeeded.
 * Oldest first, as they should come in.
 */
export function missingOf(
  attempts: readonly HookAttempt[],
  { known, answered }: { known: ReadonlySet<string>; answered: readonly string[] },
): Verdicts {
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
