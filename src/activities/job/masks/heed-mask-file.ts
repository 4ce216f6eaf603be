import type { JobLog } from '../job-log.js';
import type { JobMask } from './job-mask.js';
import type { MaskFile } from './mask-file.js';

/**
 * Has the values hidden that a step writes to `$HOOKYARD_MASK`, before anything is shown that it prints after that. Returns what ends
 * that, and closes the file: to be called once the step has ended and all that it left is read.
 */
export function heedMaskFile(
  { masks, jobLog }: { readonly masks: JobMask; readonly jobLog: Pick<JobLog, 'note'> },
  file: MaskFile,
): () => void {
  masks.lookBy(() => {
    // What can't be hidden may be the beginning of a value that is just being written: it is told at the end.
    for (const value of file.values()) masks.learn(value);
  });
  return () => {
    masks.lookBy(undefined);
    const reasons = new Set(file.values({ all: true }).flatMap((value) => masks.learn(value) ?? []));
    file.close();
    for (const because of reasons) void jobLog.note(`a value in $HOOKYARD_MASK is not hidden: ${because}`);
  };
}
