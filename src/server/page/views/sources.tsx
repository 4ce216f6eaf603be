import type { ShownSource, SourceFinding, SourcesAnswer } from '../../api/contract.js';
import { withQuery } from '../paths.js';
import { typedQuery } from '../typed-query.js';
import { view } from '../view.js';
import { Badge, type Mood } from './parts/badge.js';
import { Empty } from './parts/empty.js';
import { Facts } from './parts/facts.js';
import { Filter, Filters } from './parts/filters.js';
import { DeliveryLink, Link, Out } from './parts/link.js';
import { NO_MORE, Pager } from './parts/pager.js';
import { Section } from './parts/section.js';
import { Table } from './parts/table.js';
import { Time } from './parts/time.js';

const AT_A_TIME = 20;

/** Sources: how each is verified, when it last sent something, what went wrong. */
export const sources = view({
  path: '/sources',
  navigation: { title: 'Sources', keys: 'g s' },
  read: (answers, { query }) => answers.sources({ query: { limit: AT_A_TIME, ...typedQuery(query) } }),
  show: (answer, { query }) => ({
    title: 'Sources',
    body: <Sources answer={answer} isLater={query.after !== undefined} />,
    everySeconds: query.after === undefined ? 10 : undefined,
  }),
});

function Sources(props: {
  readonly answer: SourcesAnswer;
  /** It is not the first page. */
  readonly isLater: boolean;
}) {
  const { answer, isLater } = props;
  return (
    <>
      <h1>Sources</h1>
      <p class="dim">
        What is known without asking providers. <code>npx hookyard doctor</code> asks them too: webhooks, rights,
        versions.
      </p>
      <Filters>
        <Filter name="named" title="Name" keys="/" />
      </Filters>
      {answer.sources.length === 0 && (
        <Empty>{isLater ? NO_MORE : 'No source of the configuration is called so.'}</Empty>
      )}
      {answer.sources.map((source, index) => (
        <Section key={source.name} id={`source-${index}`} title={source.name}>
          <Source source={source} />
        </Section>
      ))}
      <Pager name="after" next={answer.next} />
    </>
  );
}

function Source({ source }: { readonly source: ShownSource }) {
  const { name, kind, enabled, verifiedBy, lastDelivery, lastLook, limited, failed, findings } = source;
  // How it is verified, and that it is off, is said above them.
  const worth = findings.filter(({ level }) => level !== 'ok');
  return (
    <>
      <Facts
        facts={[
          ['Kind', kind],
          ['State', enabled ? <Badge mood="passed">taken</Badge> : <Badge mood="skipped">off</Badge>],
          ['Verified by', verifiedBy],
          [
            'Last delivery',
            lastDelivery ? (
              <DeliveryLink id={lastDelivery.id}>
                {lastDelivery.eventName}, <Time at={lastDelivery.receivedAt} />
              </DeliveryLink>
            ) : (
              <span class="dim">none yet</span>
            ),
          ],
          [
            'Last look',
            lastLook && (
              <>
                <Out href={lastLook.url}>{lastLook.status}</Out>, <Time at={lastLook.endedAt ?? lastLook.startedAt} />,
                for deliveries that were missed
              </>
            ),
          ],
          ['Refused', limited !== undefined && `${limited} for its limit, in the last hour`],
          [
            'All',
            <Link key="all" to={withQuery('/deliveries', { source: name })}>
              its deliveries
            </Link>,
          ],
        ]}
      />
      {worth.length > 0 && (
        <ul class="findings">
          {worth.map((finding) => (
            <Finding key={finding.says} finding={finding} />
          ))}
        </ul>
      )}
      {failed.length > 0 && (
        <>
          <Table
            label={`Deliveries of ${name} that could not be started`}
            head={['Received', 'Event', 'What went wrong']}
          >
            {failed.map(({ id, receivedAt, eventName, error }) => (
              <tr key={id}>
                <td>
                  <Time at={receivedAt} />
                </td>
                <td>
                  <DeliveryLink id={id}>{eventName}</DeliveryLink>
                </td>
                <td>{error}</td>
              </tr>
            ))}
          </Table>
          <p>
            <Link to={withQuery('/deliveries', { source: name, failed: 'true' })}>
              All of its that could not be started
            </Link>
          </p>
        </>
      )}
    </>
  );
}

const LEVELS = { ok: 'passed', warn: 'waiting', problem: 'failed' } as const satisfies Record<
  SourceFinding['level'],
  Mood
>;

function Finding({ finding }: { readonly finding: SourceFinding }) {
  const { level, says, advice } = finding;
  return (
    <li>
      <Badge mood={LEVELS[level]}>{level}</Badge> {says}
      {advice !== undefined && <div class="dim">{advice}</div>}
    </li>
  );
}
