import type { StuckRun } from '../../server/api/contract.js';
import { typedHere } from './called-here.js';
import { field } from './field.js';
import { harmless, paint } from './paint.js';

/** Formats a run that does not go on by itself: why, and what helps. */
export function stuckLines({ run, automation, since, because, helps, url }: StuckRun): string[] {
  return [
    paint('bold', harmless(run)),
    field('  Since', `${since.slice(0, 19).replace('T', ' ')}  ${harmless(automation)}`),
    field('  Because', harmless(because)),
    field('  Helps', harmless(typedHere(helps))),
    ...(url ? [field('  Page', harmless(url))] : []),
  ];
}
