import type { Verdict } from '../../../../triggers/verdict.js';
import { Badge, type Mood } from './badge.js';
import { AutomationLink } from './link.js';
import { Table } from './table.js';

/** What became of an automation: what it looks like, and the word for it. */
export const VERDICTS = {
  start: ['passed', 'starts'],
  skip: ['skipped', 'skipped'],
  filtered: ['skipped', 'filtered'],
} as const satisfies Record<Verdict['outcome'], readonly [Mood, string]>;

/** The verdict of each automation, those that start something first. */
export function Verdicts({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  const first = [...verdicts].sort((a, b) => Number(a.outcome === 'filtered') - Number(b.outcome === 'filtered'));
  return (
    <Table label="Verdict for each automation" head={['Automation', 'Verdict', 'Because']}>
      {first.map((verdict) => (
        <tr key={`${verdict.automation} ${verdict.part ?? 0}`}>
          <td>
            <AutomationLink name={verdict.automation} />
            {verdict.part ? <span class="dim"> event {verdict.part + 1}</span> : null}
          </td>
          <td>
            <Badge mood={VERDICTS[verdict.outcome][0]}>{VERDICTS[verdict.outcome][1]}</Badge>
          </td>
          <td>{verdict.because}</td>
        </tr>
      ))}
    </Table>
  );
}
