import { complain } from './format/paint.js';

/**
 * Ends the process with exit code 1 at an error that nobody caught, as Node does, but says of it what {@link complain} lets
 * through: Node would print it as it is, with whatever somebody quoted.
 */
export function endOnUncaught(): void {
  process.on('uncaughtException', (error: unknown) => {
    complain(`Hookyard ended unexpectedly: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  });
}
