import { createInterface, type ReadLineOptions } from 'node:readline/promises';

/**
 * Asks a person, and returns whether the answer is yes. Whoever ends the input instead, by Ctrl-C or Ctrl-D, has not said it. `io`:
 * where the question goes, and where the answer comes from.
 */
export async function saysYes(
  question: string,
  io: ReadLineOptions = { input: process.stdin, output: process.stdout },
): Promise<boolean> {
  const lines = createInterface(io);
  // Some versions of Node leave the question without an answer then.
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    const said = await Promise.race([lines.question(question), ended]);
    if (said === undefined) io.output?.write('\n');
    return said?.trim().toLowerCase() === 'yes';
  } catch (error) {
    if ((error as Error).name !== 'AbortError') throw error;
    io.output?.write('\n');
    return false;
  } finally {
    lines.close();
  }
}
