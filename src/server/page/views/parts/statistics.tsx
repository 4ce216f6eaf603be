import type { RunStatistics } from '../../../api/contract.js';
import { Badge } from './badge.js';
import { runMood } from './run-mood.js';
import { Time } from './time.js';

/** How the run ended that ended last, and when. */
export function LastRun({ recent }: { readonly recent: RunStatistics | undefined }) {
  if (!recent?.last) return <span class="dim">{recent ? 'none has ended' : 'not known'}</span>;
  const { last } = recent;
  const { mood, word } = runMood(last);
  return (
    <>
      <Badge mood={mood}>{word}</Badge> <Time at={last.endedAt ?? last.startedAt} />
    </>
  );
}

/** How many of an automation's last runs passed. */
export function Passed({ recent }: { readonly recent: RunStatistics | undefined }) {
  if (!recent || recent.counted === 0) return null;
  const { passed, counted } = recent;
  return (
    <span>
      <b class="num">{Math.floor((100 * passed) / counted)} %</b> passed{' '}
      <span class="dim">
        of {counted} {counted === 1 ? 'run' : 'runs'}
      </span>
    </span>
  );
}
