/**
 * Returns a function that asks once for all of its callers: one question is under way at a time, and its answer is used
 * for `freshMs` milliseconds. So a question that anybody may ask costs the same however often it is asked. Failures are
 * passed on and not kept.
 */
export function sharedAnswer<T>(ask: () => Promise<T>, freshMs: number): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let cameAt: number | undefined;
  return () => {
    if (answer && (cameAt === undefined || performance.now() - cameAt < freshMs)) return answer;
    cameAt = undefined;
    const asked = ask();
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
