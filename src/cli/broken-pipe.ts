import { complain } from './format/paint.js';

/** Nobody reads the output any more, and a command had nothing else to do. Ends it without a word. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** What a shell reports of a program that SIGPIPE has ended: 128 and the signal's number. */
export const READER_GONE_CODE = 141;

let gone = false;
let refused = false;

/**
 * Keeps a command from ending with a stack trace when what reads its output has enough, as `head` does: it goes on to its
 * usual end and exit code, and its output goes nowhere. One that only follows something asks {@link stopIfUnread}.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO: the terminal was closed.
      if (error.code === 'EPIPE' || error.code === 'EIO') gone ||= stream === process.stdout;
      else if (stream === process.stdout && !refused) {
        refused = true;
        process.exitCode = 1;
        complain(`The output can't be written (${error.code ?? error.message})`);
      }
    });
}

/** Throws {@link ReaderGone} once nobody reads the output any more. */
export function stopIfUnread(): void {
  if (gone) throw new ReaderGone('nobody reads the output');
}
