import type { DeliveriesAnswer } from '../../api/contract.js';
import { DELIVERY_STATES } from '../../api/search-deliveries.js';
import { counted } from '../counted.js';
import { typedQuery } from '../typed-query.js';
import { view } from '../view.js';
import { DeliveryRows } from './parts/delivery-rows.js';
import { Empty } from './parts/empty.js';
import { Filter, Filters } from './parts/filters.js';
import { NO_MORE, Pager } from './parts/pager.js';
import { Time } from './parts/time.js';

/** What came in, newest first, searched by what the address says. */
export const deliveries = view({
  path: '/deliveries',
  navigation: { title: 'Deliveries', keys: 'g d' },
  read: (answers, { query }) => answers.deliveries({ query: typedQuery(query) }),
  show: (answer, { query }) => ({
    title: 'Deliveries',
    body: (
      <Deliveries answer={answer} isSearched={Object.keys(query).length > 0} isLater={query.before !== undefined} />
    ),
    // A page that was turned to does not change under the reader.
    everySeconds: query.before === undefined ? 10 : undefined,
  }),
});

function Deliveries(props: {
  readonly answer: DeliveriesAnswer;
  readonly isSearched: boolean;
  /** It is not the first page. */
  readonly isLater: boolean;
}) {
  const { answer, isSearched, isLater } = props;
  const { deliveries: found, next, searched, limited } = answer;
  return (
    <>
      <h1>Deliveries</h1>
      <Filters>
        <Filter name="text" title="Search" keys="/" />
        <Filter name="repository" title="Repository" />
        <Filter name="event" title="Event" />
        <Filter name="automation" title="Automation" />
        <Filter name="state" title="Became" options={DELIVERY_STATES} />
        <Filter name="source" title="Source" />
        <Filter name="since" title="Came since" hint="2h or 3d" />
        <Filter name="until" title="Came before" hint="2026-11-26" />
      </Filters>
      {limited && (
        <p class="note">
          {counted(limited.count, 'delivery of this source was', 'deliveries of this source were')} refused for its
          limit, the last <Time at={limited.last} />.
        </p>
      )}
      {found.length > 0 && <DeliveryRows deliveries={found} label="Deliveries, newest first" />}
      {found.length === 0 &&
        searched === undefined &&
        (isLater ? <Empty>{NO_MORE}</Empty> : <NothingFound isSearched={isSearched} />)}
      {searched === 'in part' && (
        <p class="note">The newest ones were searched. The next page goes on with those that came earlier.</p>
      )}
      <Pager name="before" next={next} />
    </>
  );
}

function NothingFound({ isSearched }: { readonly isSearched: boolean }) {
  if (isSearched) return <Empty>No delivery is like that. They are kept for inbox.keepDays, 45 days unless set.</Empty>;
  return (
    <Empty>
      Nothing has come in yet. Set a webhook with <code>npx hookyard connect</code>, or try it without one:{' '}
      <code>npx hookyard demo</code>
    </Empty>
  );
}
