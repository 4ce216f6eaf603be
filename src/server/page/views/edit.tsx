import type { Verdict } from '../../../triggers/verdict.js';
import type { EditAnswer, EditViewAnswer, ExplainedPayload } from '../../api/contract.js';
import { useAround } from '../context.js';
import { deliveryPath, editPath } from '../paths.js';
import { typedText } from '../typed-text.js';
import { view } from '../view.js';
import { Badge } from './parts/badge.js';
import { AskingButton } from './parts/button.js';
import { Fold } from './parts/details.js';
import { DifferenceTable } from './parts/differences.js';
import { Empty } from './parts/empty.js';
import { AutomationLink, DeliveryLink, Link } from './parts/link.js';
import { Section } from './parts/section.js';
import { Table } from './parts/table.js';
import { TextBlock } from './parts/text-block.js';
import { VERDICTS } from './parts/verdicts.js';

/** A delivery's payload in a form: changed, it is judged, and nothing is started by that. */
export const edit = view({
  path: '/deliveries/:id/edit',
  takesForm: true,
  read: (answers, { id, query, form, who }) =>
    answers.viewEdit({ id, query, payload: typedText(form?.payload), by: who }),
  show: (edited) => ({ title: `Edit ${edited.eventName}`, body: <Edit edited={edited} /> }),
});

function Edit({ edited }: { readonly edited: EditViewAnswer }) {
  const { base } = useAround();
  const { delivery, source, eventName, text, payload, judged, problem } = edited;
  return (
    <>
      <p class="crumbs">
        <Link to="/deliveries">Deliveries</Link> / <DeliveryLink id={delivery} />
      </p>
      <h1>Edit and explain</h1>
      <p class="note">
        The payload of “<bdi>{eventName}</bdi>” of source {source}. Change it, and see what would become of it: nothing
        is stored or started by that. *** stands for hidden values: left as they are, they count as they were received.
      </p>
      {problem !== undefined && (
        <p class="refused" role="alert">
          It can't be judged: {problem}
        </p>
      )}
      {judged && <Judged judged={judged} payload={payload ?? ''} />}
      <form class="edit" method="post" action={`${base}${editPath(delivery)}`}>
        <label>
          <span>Payload</span>
          <textarea name="payload" rows={24} spellcheck={false} autocomplete="off" required>
            {/* Browsers leave out the first end of a line. */}
            {`\n${payload ?? text}`}
          </textarea>
        </label>
        <p class="buttons">
          <button type="submit" class="main">
            What would become of it
          </button>
        </p>
      </form>
    </>
  );
}

function Judged({ judged, payload }: { readonly judged: EditAnswer; readonly payload: string }) {
  const { delivery, changed, normalised, original, edited, refused, once } = judged;
  return (
    <>
      <Section id="verdicts" title="What would become of it">
        {edited.says !== undefined && <p>{edited.says}</p>}
        {edited.ignored !== undefined && <Empty>It would be ignored: {edited.ignored}</Empty>}
        {original.ignored !== undefined && <p class="note">What was received is ignored: {original.ignored}</p>}
        <BothVerdicts original={original} edited={edited} />
        {refused === undefined ? (
          <AskingButton
            action={`${deliveryPath(delivery)}/start`}
            fields={{ payload, once }}
            ask="Stores it as a delivery of its own, marked as made by you of this one, and starts what would start."
          >
            Start it
          </AskingButton>
        ) : (
          <p class="note">It can't be started: {refused}.</p>
        )}
      </Section>
      <Section id="changed" title="What you changed">
        <DifferenceTable title="Payload" differences={changed} />
        <DifferenceTable title="Normalised" differences={normalised} />
        {edited.events.map((event, part) => (
          <Fold key={part} name={`event ${part}`} line={`Normalised to ${event.kind.replaceAll('_', ' ')}`}>
            <TextBlock text={JSON.stringify(event, undefined, 2)} />
          </Fold>
        ))}
      </Section>
    </>
  );
}

/** The verdicts of what was received and of what was edited, side by side; those that differ first. */
function BothVerdicts({
  original,
  edited,
}: {
  readonly original: ExplainedPayload;
  readonly edited: ExplainedPayload;
}) {
  const before = new Map(original.verdicts.map((verdict) => [keyOf(verdict), verdict]));
  const after = new Map(edited.verdicts.map((verdict) => [keyOf(verdict), verdict]));
  const keys = [...new Set([...after.keys(), ...before.keys()])];
  const isOther = (key: string) => before.get(key)?.outcome !== after.get(key)?.outcome;
  const sorted = keys.toSorted((a, b) => Number(isOther(b)) - Number(isOther(a)));
  if (sorted.length === 0) return null;
  return (
    <Table label="Verdicts before and after the edit" head={['Automation', 'Received', 'Edited', 'Because']}>
      {sorted.map((key) => {
        const { automation, part = 0 } = after.get(key) ?? before.get(key) ?? { automation: '' };
        return (
          <tr key={key}>
            <td>
              <AutomationLink name={automation} />
              {part > 0 && <span class="dim"> event {part + 1}</span>}
            </td>
            <td>
              <Outcome verdict={before.get(key)} />
            </td>
            {/* Where no heads of columns are seen, too. */}
            <td>
              → <Outcome verdict={after.get(key)} />
            </td>
            <td>{(after.get(key) ?? before.get(key))?.because}</td>
          </tr>
        );
      })}
    </Table>
  );
}

function Outcome({ verdict }: { readonly verdict: Verdict | undefined }) {
  if (!verdict) return <span class="dim">not asked</span>;
  const [mood, word] = VERDICTS[verdict.outcome];
  return <Badge mood={mood}>{word}</Badge>;
}

function keyOf({ automation, part = 0 }: Verdict): string {
  return `${automation} ${part}`;
}
