import type { DeliveryDiff, Differences } from '../../../api/contract.js';
import { counted } from '../../counted.js';
import { Fold } from './details.js';
import { Empty } from './empty.js';
import { DeliveryLink } from './link.js';
import { Section } from './section.js';
import { Table } from './table.js';
import { Time } from './time.js';

/** How a delivery differs from the one before it of its kind. */
export function DiffSection({ diff }: { readonly diff: DeliveryDiff }) {
  const { with: other, because, headers, body } = diff;
  return (
    <Section id="diff" title={other ? 'Since the one before of its kind' : 'The one before of its kind'}>
      {other && (
        <p>
          Compared with <DeliveryLink id={other.id} />, received <Time at={other.receivedAt} />.
        </p>
      )}
      {because !== undefined && <Empty>Not compared: {because}.</Empty>}
      {body && <DifferenceTable title="Body" differences={body} />}
      {headers && <DifferenceTable title="Headers" differences={headers} />}
    </Section>
  );
}

/** What differs between two values, folded: a line says how much it is. */
export function DifferenceTable(props: { readonly title: string; readonly differences: Differences }) {
  const { title, differences } = props;
  const { shown, more = 0, isCut } = differences;
  const count = shown.length + more;
  if (count === 0 && !isCut) return <p class="dim">{title}: the same.</p>;
  return (
    <Fold name={`differences ${title}`} line={`${title}: ${counted(count, 'field differs', 'fields differ')}`}>
      <Table label={`${title}: what differs`} head={['Field', 'Before', 'Now']}>
        {shown.map(({ path, before, after }, index) => (
          <tr key={index}>
            <td>
              <code>{path === '' ? 'all of it' : path}</code>
            </td>
            <td>{before === undefined ? <span class="dim">not there</span> : <code>{before}</code>}</td>
            <td>{after === undefined ? <span class="dim">not there any more</span> : <code>{after}</code>}</td>
          </tr>
        ))}
      </Table>
      {more > 0 && <p class="note">{counted(more, 'more differs', 'more differ')}.</p>}
      {isCut && <p class="note">Only the beginnings were compared: there are too many values.</p>}
    </Fold>
  );
}
