/**
 * Returns a function that asks once for all of its callers: one question is under way at a time, and its answer is used
 * for `freshMs` milliseconds. So a question that anybody may ask costs the same however often it is asked. Failures are
 * passed on and not kept. `by`: what whoever comes first has asked with.
 */
export function sharedAnswer<T, By extends readonly unknown[] = []>(
  ask: (...by: By) => Promise<T>,
  freshMs: number,
): (...by: By) => Promise<T> {
  let answer: Promise<T> | undefined;
  let cameAt: number | undefined;
  return (...by) => {
    if (answer && (cameAt === undefined || performance.now() - cameAt < freshMs)) return answer;
    cameAt = undefined;
    const asked = ask(...by);
    answer = asked;
    asked.then(
      () => {
        cameAt = performance.now();
      },
      () => {
        answer = undefined;
      },
    );
    return asked;
  };
}

/**
 * Returns the same for questions that differ by a name. The last `most` are kept that were answered: what has failed takes no place of
 * theirs, however much of it somebody asks for.
 */
export function sharedAnswers<T, By extends readonly unknown[] = []>(
  ask: (name: string, ...by: By) => Promise<T>,
  { freshMs, most }: { readonly freshMs: number; readonly most: number },
): (name: string, ...by: By) => Promise<T> {
  const known = new Map<string, (...by: By) => Promise<T>>();
  return (name, ...by) => {
    const shared = known.get(name) ?? sharedAnswer((...first: By) => ask(name, ...first), freshMs);
    known.delete(name);
    known.set(name, shared);
    const asked = shared(...by);
    asked.then(
      () => {
        for (const oldest of known.keys()) {
          if (known.size <= most) break;
          known.delete(oldest);
        }
      },
      () => {
        if (known.get(name) === shared) known.delete(name);
      },
    );
    return asked;
  };
}
