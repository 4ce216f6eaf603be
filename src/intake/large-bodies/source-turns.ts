/** Lets sources take turns at something that only one can have at a time. */
export interface Turns {
  /** Does the work when it is the source's turn. */
  take<T>(source: string, work: () => Promise<T>): Promise<T>;
}

/** Returns turns in which the source that has waited for longest is next, however much others have waiting. */
export function createTurns(): Turns {
  /** The first is next. */
  const waiting = new Map<string, (() => Promise<void>)[]>();
  let isTaken = false;

  async function goOn(): Promise<void> {
    if (isTaken) return;
    isTaken = true;
    for (let next = first(); next; next = first()) await next();
    isTaken = false;
  }

  function first(): (() => Promise<void>) | undefined {
    for (const [source, works] of waiting) {
      const next = works.shift();
      waiting.delete(source);
      if (works.length > 0) waiting.set(source, works);
      return next;
    }
    return undefined;
  }

  return {
    take: (source, work) =>
      new Promise((resolve, reject) => {
        const works = waiting.get(source) ?? [];
        works.push(() => work().then(resolve, reject));
        waiting.set(source, works);
        void goOn();
      }),
  };
}
