import type { StepResult, TestCase, TestReport } from '../../activities/contract/index.js';
import { codeBlock } from '../../events/markdown.js';

/** Tests that are named, of all steps. */
const MOST_NAMED = 15;
/** In characters: of a line. */
const LONGEST = 200;

/** Returns what tests came to, in words. */
export function testsInWords({ passed, failed, skipped, flaky }: TestReport): string {
  const counts = Object.entries({ failed, skipped, flaky }).filter(([, count]) => count > 0);
  return [
    `${passed} ${passed === 1 ? 'test' : 'tests'} passed`,
    ...counts.map(([how, count]) => `${count} ${how}`),
  ].join(', ');
}

/** Returns the tests of a job that failed or were flaky, a line each with its place, as a block of Markdown; undefined for none. */
export function failingTests(steps: readonly Pick<StepResult, 'tests'>[]): string | undefined {
  const cases = steps.flatMap(({ tests }) => tests?.cases ?? []);
  const named = (['failed', 'flaky'] as const).flatMap((how) => cases.filter(({ outcome }) => outcome === how));
  if (named.length === 0) return undefined;
  const more = named.length > MOST_NAMED ? [`and ${named.length - MOST_NAMED} more`] : [];
  return codeBlock([...named.slice(0, MOST_NAMED).map(inWords), ...more].join('\n'));
}

function inWords({ outcome, suite, name, file, line, message }: TestCase): string {
  const place = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
  const [said = ''] = (message ?? '').trim().split('\n', 1);
  return `${outcome}: ${suite === undefined ? '' : `${suite} > `}${name}${place}${said && `: ${said}`}`
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST);
}
