import type { JobLog } from '../job-log.js';
import { meanings } from './escapes.js';
import type { JobMask } from './job-mask.js';
import { type MaskFile, MOST_BYTES } from './mask-file.js';

/** Of one step: what it writes piece by piece is hidden as far as it is written, and looking for each piece takes time. */
const MOST_GUESSES = 20;

/**
 * Has the values hidden that a step writes to `$HOOKYARD_MASK`, before anything is shown that it prints after that. Returns what ends
 * that, and closes the file: to be called once the step has ended and all that it left is read.
 */
export function heedMaskFile(
  { masks, jobLog }: { readonly masks: JobMask; readonly jobLog: Pick<JobLog, 'note'> },
  file: MaskFile,
): () => void {
  const reasons = new Set<string>();
  let guesses = 0;
  let guessed = '';
  let hidden = '';
  let isPartly = false;
  const learn = (lines: readonly string[]) => {
    for (const value of lines.flatMap(meanings)) {
      const because = masks.learn(value);
      if (because !== undefined) reasons.add(because);
    }
  };
  /** A line without its end may be all of a value, or its beginning: it is hidden as it is, until there is more of it. */
  const guess = (rest: string) => {
    if (rest === guessed) return;
    guessed = rest;
    if (rest !== '' && guesses === MOST_GUESSES) {
      isPartly = true;
      // What is hidden of a line stays so while more of it comes.
      if (hidden !== '' && rest.startsWith(hidden)) return;
      hidden = '';
      return masks.guess([]);
    }
    if (rest !== '') guesses += 1;
    hidden = rest;
    masks.guess(meanings(rest));
  };
  masks.lookBy(() => {
    const written = file.look();
    if (!written) return;
    learn(written.lines);
    guess(written.rest);
  });
  return () => {
    masks.lookBy(undefined);
    const { lines = [], rest = '' } = file.look({ all: true }) ?? {};
    learn(rest === '' ? lines : [...lines, rest]);
    masks.guess([]);
    if (file.isCut()) reasons.add(`more than ${MOST_BYTES / 1024} kB were written there, and the rest is not read`);
    file.close();
    if (isPartly)
      void jobLog.note(
        `$HOOKYARD_MASK was written in more than ${MOST_GUESSES} parts that ended no line: the later ones were hidden once their line had ended`,
      );
    for (const because of reasons) void jobLog.note(`a value in $HOOKYARD_MASK is not hidden: ${because}`);
  };
}
