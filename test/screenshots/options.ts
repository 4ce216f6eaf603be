import { parseArgs } from 'node:util';

/** What the command line of `npm run screenshots` says. */
export interface Options {
  /** Folder that the images are written to. */
  readonly out: string;
  /** Of the images, those whose names hold one of these; all, where there is none. */
  readonly only: readonly string[];
  readonly help: boolean;
}

/** What is wrong with a command line, in words. */
export class UsageError extends Error {}

/** How the command line is used. */
export const HELP = `npm run screenshots -- [--out <folder>] [--only <part of a name>]…

Starts Hookyard with a Temporal of its own, has it work on real deliveries and a real repository, and makes an image of each
view, and of a run's timeline in the Temporal UI, in light, in dark and as a phone shows it, in Chromium (CHROMIUM_PATH, or where
Debian puts it). It takes some minutes and leaves nothing behind but the images, in screenshots/ unless --out names another folder. --only log makes those with "log"
in their names: empty-home, run-failed-dark, lanes-phone.
`;

/** Returns what the command line says. Throws {@link UsageError} with what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  try {
    return parseArgs({
      args: [...args],
      options: {
        out: { type: 'string', default: 'screenshots' },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
