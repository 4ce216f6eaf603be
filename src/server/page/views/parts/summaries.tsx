import { Fragment } from 'preact';
import { cutToLength } from '../../../../events/truncate.js';
import type { TimelineEntry } from '../../../api/contract.js';
import { Section } from './section.js';
import { TextBlock } from './text-block.js';

/** What a step has written for people. */
type Summary = TimelineEntry & { readonly summary: string };

/** In characters: of a summary, more is in the JSON. */
const MAX_SHOWN = 8_000;

/** What the steps have written for people, in the order in which they ran. */
export function Summaries({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  const written = timeline.filter((entry): entry is Summary => entry.summary !== undefined);
  if (written.length === 0) return null;
  return (
    <Section id="summary" title="Summary">
      {written.map((entry, nr) => (
        <Fragment key={nr}>
          <p class="dim">{titleOf(entry)}</p>
          <TextBlock text={cutToLength(entry.summary, MAX_SHOWN)} />
          {entry.summary.length > MAX_SHOWN && (
            <p class="note">This is its beginning. The JSON of this page has more of it.</p>
          )}
        </Fragment>
      ))}
    </Section>
  );
}

/** A job that passed in the run before has one for all of its steps. */
function titleOf({ kind, job, name, step }: Summary): string {
  if (job === undefined) return step?.name ?? name;
  return kind === 'step' ? `${job} › ${step?.name ?? name}` : `${job}, in the run before`;
}
