import { truncate } from '../../events/truncate.js';
import type { WholeRunAnswer } from '../../server/api/contract.js';
import { field } from './field.js';
import { harmless } from './paint.js';

/** Of why a test failed, in characters. */
const MOST = 200;

/** Formats which tests of a run's steps have failed, where and why, a line each: a test that failed in several jobs once. */
export function failedTestLines({ timeline = [] }: Pick<WholeRunAnswer, 'timeline'>): readonly string[] {
  const cases = timeline.flatMap(({ step }) => step?.tests?.cases ?? []).filter(({ outcome }) => outcome === 'failed');
  const lines = cases.map(({ name, file, line, message }) => {
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}  `;
    const why = message === undefined ? '' : `: ${truncate(message.replace(/\s+/g, ' ').trim(), MOST)}`;
    return field('Test', harmless(`${place}${name}${why}`));
  });
  return [...new Set(lines)];
}
