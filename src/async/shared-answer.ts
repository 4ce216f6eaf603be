/**
 * Asks once for all who want to know: one question is under way at a time, and its answer is good for `freshMs` after it
 * has come. However often something is asked that anybody may ask, it costs the same. A failure is not kept.
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
