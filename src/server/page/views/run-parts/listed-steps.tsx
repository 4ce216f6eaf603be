import { Badge, type Mood } from '../parts/badge.js';
import { Section } from '../parts/section.js';

/** A run's result lists its steps where its automation is written with the kit; an author's own may be anything. */
export function ListedSteps({ result }: { readonly result: unknown }) {
  const listed = (result as { readonly steps?: unknown } | undefined)?.steps;
  if (!Array.isArray(listed) || listed.length === 0) return null;
  const steps = listed.map((step) => step as { readonly what?: unknown; readonly outcome?: unknown });
  return (
    <Section id="steps" title="Steps" count={steps.length}>
      <ol class="steps">
        {steps.map(({ what, outcome }, index) => (
          <li key={index}>
            <Badge mood={stepMood(outcome)}>{String(outcome)}</Badge> {String(what)}
          </li>
        ))}
      </ol>
    </Section>
  );
}

function stepMood(outcome: unknown): Mood {
  if (outcome === 'passed' || outcome === 'failed' || outcome === 'running' || outcome === 'cancelled') return outcome;
  return outcome === 'error' ? 'failed' : 'unknown';
}
