import type { EditAnswer } from '../../server/api/contract.js';
import { calledHere } from './called-here.js';
import { differenceLines } from './diff-lines.js';
import { field } from './field.js';
import { harmless } from './paint.js';
import { verdictLines } from './verdict-lines.js';

/** Formats what would become of an edited payload, beside what was received. */
export function editLines({ delivery, source, changed, original, edited, refused }: EditAnswer): string[] {
  return [
    field('Edited', `${delivery} of source ${harmless(source)}; nothing is stored or started`),
    ...differenceLines('Payload', changed),
    ...(edited.says ? [field('Says', harmless(edited.says))] : []),
    ...(edited.ignored ? [field('Ignored', harmless(edited.ignored))] : []),
    ...(edited.verdicts.length > 0 ? ['Verdicts', ...verdictLines(edited.verdicts, 'would start')] : []),
    ...(original.ignored ? [field('Received', `ignored: ${harmless(original.ignored)}`)] : []),
    ...(original.verdicts.length > 0
      ? ['Verdicts of what was received', ...verdictLines(original.verdicts, 'starts')]
      : []),
    field(
      'Start',
      refused === undefined
        ? `${calledHere()} replay ${delivery} --file <payload>`
        : `not possible: ${harmless(refused)}`,
    ),
  ];
}
