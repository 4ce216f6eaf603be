/** The activity of every system that is measured from end to end: tells the bench's process when it began. */
export async function step({ sha, number }) {
  process.send?.({ kind: 'step', sha, number, at: performance.timeOrigin + performance.now() });
}
