/** Collects when each run's first step began, by its head commit. */
export function createSteps() {
  const first = new Map();
  return {
    note({ sha, number, at }) {
      if (number === 1 && !first.has(sha)) first.set(sha, at);
    },
    /** From each POST to its run's first step, in ms; those that have not begun are left out. */
    delays: (sent) => sent.flatMap(([sha, at]) => (first.has(sha) ? [first.get(sha) - at] : [])).sort((a, b) => a - b),
  };
}
