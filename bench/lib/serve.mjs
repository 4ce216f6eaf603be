/**
 * The child's side of a bench process: answers what its parent asks, by name. It ends when its parent does, so that
 * nothing is left behind whatever happens to the parent.
 */
export function serve(answers) {
  process.on('disconnect', () => process.exit());
  // Ctrl-C on a terminal reaches all at once; the parent ends its children.
  process.on('SIGINT', () => undefined);
  process.on('message', async ({ id, what, input }) => {
    try {
      const answer = what === 'usage' ? usage() : await answers[what](input);
      process.send?.({ id, answer });
    } catch (error) {
      process.send?.({ id, error: error.stack ?? String(error) });
    }
  });
}

/** Of this process so far: seconds of CPU, and bytes of memory. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() };
}
