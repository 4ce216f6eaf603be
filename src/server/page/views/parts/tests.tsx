import type { StepResult, TestCase } from '../../../../activities/contract/index.js';
import type { TimelineEntry } from '../../../api/contract.js';
import { counted } from '../../counted.js';
import { Badge, type Mood } from './badge.js';
import { Fold } from './details.js';
import { Section } from './section.js';
import { Table } from './table.js';
import { TextBlock } from './text-block.js';
import { Duration } from './time.js';

/** What the steps' test reports and problems say, what is wrong first. */
export function Tests({ timeline }: { readonly timeline: readonly TimelineEntry[] }) {
  const steps = timeline.flatMap(({ step, job }) =>
    step?.tests || step?.problems?.length ? [{ ...step, ...(job !== undefined && { job }) }] : [],
  );
  return (
    <>
      {steps.map(({ name, job, tests, problems = [] }, index) => {
        const others = problems.filter((problem) => !isOfTest(problem, tests?.cases ?? []));
        return (
          <Section
            key={index}
            id={`found-${index}`}
            title={`What ${name}${job === undefined ? '' : ` of ${job}`} found`}
          >
            {tests && (
              <p>
                {`${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`}
                {tests.flaky > 0 && `, ${tests.flaky} flaky`} in <Duration ms={tests.durationMs} />
              </p>
            )}
            {tests && tests.cases.length > 0 && <Cases cases={tests.cases} name={`tests ${index}`} />}
            {others.length > 0 && (
              <Table label="Problems" head={['Severity', 'Problem', 'Where']}>
                {others.map(({ severity, message, file, line, column, code }) => (
                  <tr key={`${file} ${line} ${column} ${message}`}>
                    <td>
                      <Badge mood={severity === 'error' ? 'failed' : 'waiting'}>{severity}</Badge>
                    </td>
                    <td>
                      {message} {code !== undefined && <code>{code}</code>}
                    </td>
                    <td>
                      <code>{`${file}:${line}${column === undefined ? '' : `:${column}`}`}</code>
                    </td>
                  </tr>
                ))}
              </Table>
            )}
            {tests?.notes.map((note) => (
              <p key={note} class="note">
                {note}
              </p>
            ))}
          </Section>
        );
      })}
    </>
  );
}

/** Returns whether a problem says no more than a test that failed: where, and what. */
function isOfTest({ file, message }: NonNullable<StepResult['problems']>[number], cases: readonly TestCase[]): boolean {
  return cases.some(
    (one) => one.file === file && one.message !== undefined && inOneLine(one.message) === inOneLine(message),
  );
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

const MOODS = {
  failed: 'failed',
  flaky: 'waiting',
  skipped: 'skipped',
  passed: 'passed',
} as const satisfies Record<TestCase['outcome'], Mood>;

/** Those that failed come first; those that passed are folded. */
function Cases({ cases, name }: { readonly cases: readonly TestCase[]; readonly name: string }) {
  const wrong = cases.filter(({ outcome }) => outcome === 'failed' || outcome === 'flaky');
  const others = cases.filter((one) => !wrong.includes(one));
  return (
    <>
      {wrong.length > 0 && <CaseRows cases={wrong} label="Tests that failed or are flaky" />}
      {others.length > 0 && (
        <Fold name={name} line={`${counted(others.length, 'other')}: skipped ones, and the slowest`}>
          <CaseRows cases={others} label="Other tests" />
        </Fold>
      )}
    </>
  );
}

function CaseRows({ cases, label }: { readonly cases: readonly TestCase[]; readonly label: string }) {
  return (
    <Table label={label} head={['State', 'Test', 'Where', 'Took']}>
      {cases.map(({ name, suite, outcome, file, line, message, durationMs }, index) => (
        <tr key={index}>
          <td>
            <Badge mood={MOODS[outcome]}>{outcome}</Badge>
          </td>
          <td>
            {suite !== undefined && <span class="dim">{suite} › </span>}
            {name}
            {message !== undefined && <TextBlock text={message} />}
          </td>
          <td>{file !== undefined && <code>{`${file}${line === undefined ? '' : `:${line}`}`}</code>}</td>
          <td>{durationMs !== undefined && <Duration ms={durationMs} />}</td>
        </tr>
      ))}
    </Table>
  );
}
