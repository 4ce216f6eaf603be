import { toAnnotations } from '../../activities/status/to-annotations.js';
import { githubAnnotation } from '../../providers/github/api/annotations.js';
import type { WholeRunAnswer } from '../../server/api/contract.js';
import { field } from './field.js';
import { harmless } from './paint.js';

/** Those that are shown. */
const MOST = 3;

/** Formats what a run has found wrong with lines of the repository as GitHub is sent it: what several jobs have found once. */
export function annotationLines({ timeline = [] }: Pick<WholeRunAnswer, 'timeline'>): readonly string[] {
  const found = toAnnotations(timeline.flatMap(({ step }) => step?.problems ?? []));
  const sent = [...new Set(found.map((one) => JSON.stringify(githubAnnotation(one))))];
  if (sent.length === 0) return [];
  return [
    field('GitHub', "shows it at that line, where the source has an App's credentials: a check run is sent this"),
    ...sent.slice(0, MOST).map((one) => field('', harmless(one))),
    ...(sent.length > MOST ? [field('', `and ${sent.length - MOST} more`)] : []),
  ];
}
