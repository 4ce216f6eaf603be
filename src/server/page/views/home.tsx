import type { OverviewAnswer, ReadinessAnswer, SourceOverview, StuckRun } from '../../api/contract.js';
import { counted } from '../counted.js';
import { withQuery } from '../paths.js';
import { view } from '../view.js';
import { Badge, type Mood } from './parts/badge.js';
import { Bars } from './parts/bars.js';
import { DeliveryRows } from './parts/delivery-rows.js';
import { Empty } from './parts/empty.js';
import { DeliveryLink, Link, Out, RunLink } from './parts/link.js';
import { RunRows } from './parts/run-rows.js';
import { Section } from './parts/section.js';
import { Table } from './parts/table.js';
import { Time } from './parts/time.js';

/** What is broken, what runs, what waits: one look tells whether somebody has to do something. */
export const home = view({
  path: '/',
  navigation: { title: 'Home', keys: 'g h' },
  read: (answers) => answers.overview(),
  show: (overview) => ({ title: headline(overview), body: <Home overview={overview} />, everySeconds: 10 }),
});

function Home({ overview }: { readonly overview: OverviewAnswer }) {
  const { health, workers, red = [], stuck = [], running, waiting, failedDeliveries, arrivals, sources } = overview;
  const { counts } = overview;
  const broken = allOf(red, counts?.red) + stuck.length + allOf(failedDeliveries, health.failed);
  return (
    <>
      <h1>{headline(overview)}</h1>
      <Health health={health} workers={workers} />
      <Section id="broken" title="Broken" count={broken}>
        {broken === 0 && <Empty>{whatIsKnown(overview)}</Empty>}
        {stuck.length > 0 && <StuckRuns runs={stuck} />}
        {failedDeliveries.length > 0 && (
          <>
            <DeliveryRows deliveries={failedDeliveries} label="Deliveries that could not be started" />
            <AllOf to="/deliveries?failed=true">All deliveries that could not be started</AllOf>
          </>
        )}
        {red.length > 0 && (
          <>
            <RunRows runs={red} label="Runs that have failed in the last 24 hours" />
            <AllOf to="/runs?outcome=red&endedSince=24h">All runs that have failed in the last 24 hours</AllOf>
          </>
        )}
      </Section>
      {running && (
        <Section id="running" title="Running" count={counts?.running ?? atLeast(running)}>
          {running.length === 0 ? (
            <Empty>Nothing runs now.</Empty>
          ) : (
            <>
              <RunRows runs={running} label="Runs under way" />
              <AllOf to="/runs?waiting=nothing">All that run</AllOf>
            </>
          )}
        </Section>
      )}
      {waiting && waiting.length > 0 && (
        <Section id="waiting" title="Waiting" count={counts?.waiting ?? atLeast(waiting)}>
          <RunRows runs={waiting} label="Runs that wait before their own work begins" />
          <AllOf to="/runs?waiting=anything">All that wait</AllOf>
        </Section>
      )}
      <Deliveries arrivals={arrivals} />
      <Sources sources={sources} />
    </>
  );
}

/** Leads from the newest of something to all of it. */
function AllOf({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <p>
      <Link to={to}>{children}</Link>
    </p>
  );
}

/** Returns how many there are, as far as that is known. */
function allOf(listed: readonly unknown[], count = 0): number {
  return listed.length === 0 ? 0 : Math.max(listed.length, count);
}

/** Returns how many there are where Temporal has not counted them in time: the newest are listed. */
function atLeast(listed: readonly unknown[]): string | undefined {
  return listed.length === 0 ? undefined : `${listed.length} or more`;
}

/** Returns what is to be said where nothing is known to be broken. */
function whatIsKnown({ health, red, stuck }: OverviewAnswer): string {
  if (red && stuck)
    return 'Nothing is broken: no run has failed in the last 24 hours, none is stuck, and every delivery was handed on.';
  if (red)
    return 'No run has failed in the last 24 hours, and every delivery was handed on. Whether runs are stuck is not known: Temporal was too slow to tell.';
  const why = health.temporal === 'away' ? 'does not answer' : 'did not list runs in time';
  return `Temporal ${why}, so nothing is known of runs. Deliveries are stored all the same, and start once it is back.`;
}

/** Returns what somebody who was woken has to know first. */
function headline({ health, workers, red, stuck, failedDeliveries }: OverviewAnswer): string {
  if (!health.ready) return 'Deliveries can not be stored';
  if (health.temporal === 'away') return 'Temporal does not answer';
  if (health.worker === 'away') return 'The worker is away';
  if (health.worker === undefined && workers === 0) return 'No worker is there';
  if (stuck && stuck.length > 0) return 'Runs are stuck';
  if (failedDeliveries.length > 0) return 'Deliveries could not be started';
  if (red && red.length > 0) return 'Runs have failed';
  if (health.worker === 'starting') return 'The worker is starting';
  return red && stuck ? 'All is well' : 'It is not known how runs go';
}

function Health({ health, workers }: { readonly health: ReadinessAnswer; readonly workers: number | undefined }) {
  const { store, temporal, worker, workerSince, workerCareful, waiting, failed } = health;
  const isWell = (word: string): Mood => (word === 'answers' || word === 'runs' ? 'passed' : 'failed');
  return (
    <ul class="strip">
      <li>
        Store <Badge mood={isWell(store)}>{store}</Badge>
      </li>
      <li>
        Temporal <Badge mood={isWell(temporal)}>{temporal}</Badge>
      </li>
      {worker && (
        <li>
          Worker <Badge mood={worker === 'starting' ? 'waiting' : isWell(worker)}>{worker}</Badge>
          {workerSince && (
            <span class="dim">
              {' '}
              {worker === 'runs' ? 'begun' : ''} <Time at={workerSince} />
            </span>
          )}
          {workerCareful && <span class="dim"> one after the other, since one before it died</span>}
        </li>
      )}
      {!worker && workers !== undefined && (
        <li>
          Workers <Badge mood={workers > 0 ? 'passed' : 'failed'}>{workers > 0 ? workers : 'none'}</Badge>
        </li>
      )}
      {waiting !== undefined && (
        <li>
          <b class="num">{waiting}</b> to be started
        </li>
      )}
      {failed !== undefined && failed > 0 && (
        <li>
          <Link to="/deliveries?failed=true">
            <b class="num">{failed}</b> could not be started
          </Link>
        </li>
      )}
    </ul>
  );
}

function StuckRuns({ runs }: { readonly runs: readonly StuckRun[] }) {
  return (
    <Table label="Runs that do not go on by themselves" head={['Stuck', 'Since', 'Because', 'What helps']}>
      {runs.map(({ run, since, because, helps }) => (
        <tr key={run}>
          <td>
            <RunLink run={run} />
          </td>
          <td>
            <Time at={since} />
          </td>
          <td>{because}</td>
          <td>{helps}</td>
        </tr>
      ))}
    </Table>
  );
}

function Deliveries({ arrivals }: Pick<OverviewAnswer, 'arrivals'>) {
  const { perMinute, complete } = arrivals;
  const sum = perMinute.reduce((all, count) => all + count, 0);
  const last = perMinute.at(-2) ?? perMinute.at(-1) ?? 0;
  const span = complete ? 'the last hour' : `the last ${counted(perMinute.length, 'minute')}`;
  const label = `${counted(sum, 'delivery', 'deliveries')} in ${span}, ${last} in the last whole minute`;
  return (
    <Section id="arrivals" title="Deliveries a minute">
      <div class="arrivals">
        <Bars counts={perMinute} label={label} />
        <p>
          {label}. <Link to="/deliveries">All deliveries</Link>
        </p>
      </div>
    </Section>
  );
}

function Sources({ sources }: Pick<OverviewAnswer, 'sources'>) {
  return (
    <Section id="sources" title="Sources" count={sources.length}>
      <Table label="Sources" head={['Source', 'Kind', 'Last delivery', 'Last look for missed ones', 'For its limit']}>
        {sources.map((source) => (
          <SourceRow key={source.name} source={source} />
        ))}
      </Table>
    </Section>
  );
}

function SourceRow({ source }: { readonly source: SourceOverview }) {
  const { name, kind, enabled, lastDelivery, lastLook, limited } = source;
  return (
    <tr>
      <td>
        <Link to={withQuery('/deliveries', { source: name })}>{name}</Link>{' '}
        {!enabled && <Badge mood="skipped">off</Badge>}
      </td>
      <td>{kind}</td>
      <td>
        {lastDelivery ? (
          <DeliveryLink id={lastDelivery.id}>
            <Time at={lastDelivery.receivedAt} />
          </DeliveryLink>
        ) : (
          <span class="dim">none yet</span>
        )}
      </td>
      <td>
        {lastLook ? (
          <Out href={lastLook.url}>
            <LookBadge status={lastLook.status} /> <Time at={lastLook.endedAt ?? lastLook.startedAt} />
          </Out>
        ) : (
          <span class="dim">no look</span>
        )}
      </td>
      <td>{limited === undefined ? <span class="dim">none refused</span> : `${limited} refused`}</td>
    </tr>
  );
}

function LookBadge({ status }: { readonly status: string }) {
  const mood = status === 'completed' ? 'passed' : status === 'running' ? 'running' : 'failed';
  return <Badge mood={mood}>{status}</Badge>;
}
