import type { LanesAnswer, ListedRun, OutboundAnswer, WholeRunAnswer } from '../../src/server/api/contract.js';
import { pullRequestPayload, pushPayload, repository as sample, ZERO } from '../support/harness/payloads.js';
import { BROKEN, ENDLESS, FILES } from './repository.js';
import type { Scene } from './scene.js';

/** What there is to be seen, by what it is an example of: workflow ids, and ids of deliveries. */
export interface Played {
  readonly green: string;
  readonly red: string;
  /** Address of its page in the Temporal UI. */
  readonly redInTemporal: string;
  readonly matrix: string;
  readonly superseded: string;
  readonly approval: string;
  readonly fork: string;
  readonly inLane: string;
  readonly holder: string;
  readonly filtered: string;
  readonly started: string;
  readonly merged: string;
  readonly refusedMessage: string;
}

const LONG = 'feature/JIRA-12345-let-customers-of-all-regions-choose-in-which-of-their-currencies-they-pay-and-keep-it';
const repository = { ...sample, id: 1, name: 'app', full_name: 'acme/app', html_url: 'https://github.com/acme/app' };
const stranger = { id: 2, full_name: 'zoe/app' };

/** Sends deliveries, and waits until each of them has come to what is to be seen of it. */
export async function play(scene: Scene): Promise<Played> {
  const { send, until, repository: git } = scene;
  const whole = (run: string, is: (answer: WholeRunAnswer) => boolean) =>
    until<WholeRunAnswer>(`runs/whole?name=${encodeURIComponent(run)}`, is);
  const hasEnded = ({ state }: WholeRunAnswer) => state.status === 'completed' || state.status === 'failed';

  const first = await git.commit(FILES);
  const green = await send('push', pushOf('main', { sha: first, message: 'Add up what is in the cart' }));
  const [greenRun = ''] = green.runs;
  await whole(greenRun, hasEnded);

  const broken = await git.commit(BROKEN);
  const docsToo = ['docs/discounts.md', 'cart.js'];
  const red = await send('push', pushOf('main', { sha: broken, message: 'Show discounts', files: docsToo }));
  const redRun = red.runs.find((run) => run.startsWith('ci/')) ?? '';
  const { state: redState } = await whole(redRun, hasEnded);

  const filtered = await send('push', pushOf('experiments', { sha: broken, message: 'Try another rounding' }));
  const long = 'Let customers choose the currency, '.repeat(6);
  await send('push', pushOf(LONG, { sha: broken, message: long }));
  await send('ping', { zen: 'Keep it logically awesome.', hook_id: 1, repository });

  const tagged = await send('push', {
    ...pushOf('main', { sha: first, message: 'v2.4.0' }),
    ...tagOf('v2.4.0', first),
  });
  const [approvalRun = ''] = tagged.runs;
  await whole(approvalRun, ({ state }) => state.approvals !== undefined && state.approvals.length > 0);

  const fork = await send('pull_request', pullOf({ sha: broken, number: 7, title: 'Speak Klingon', from: stranger }));
  const [forkRun = ''] = fork.runs;
  await whole(forkRun, ({ state }) => state.waitsForApproval !== undefined);

  const merged = await send('pull_request', {
    ...pullOf(
      { sha: first, number: 126, title: 'Round prices as the tax office does' },
      { merged: true, state: 'closed' },
    ),
    action: 'closed',
  });
  const sentTo = ({ messages }: OutboundAnswer) => messages.filter(({ attempts }) => attempts.length > 0).length;
  const { messages } = await until<OutboundAnswer>('outbound', (answer) => sentTo(answer) === 3);

  const pushes = [];
  for (const message of ['Sell in Norway', 'Sell in Sweden', 'Sell in Denmark', 'Sell in Finland'])
    pushes.push(await send('push', pushOf('production', { sha: await git.commit({ land: message }), message })));
  const [holder = '', inLane = ''] = pushes.map(({ runs }) => runs[0] ?? '');
  await until<LanesAnswer>('lanes', ({ lanes }) => lanes.some(({ entries }) => entries.length === 4));

  const endless = await git.commit(ENDLESS);
  await git.git('push', '--quiet', '--force', git.bare, 'HEAD:refs/pull/128/head');
  const pull = { sha: endless, number: 128, title: 'Check out faster' };
  const before = await send('pull_request', pullOf(pull));
  const matrix = await send('pull_request', { ...pullOf(pull), action: 'synchronize', before: first });
  const [superseded = ''] = before.runs;
  const [matrixRun = ''] = matrix.runs;
  const isSlow = ({ name, state }: NonNullable<WholeRunAnswer['timeline']>[number]) =>
    name.includes('unit tests') && state === 'running';
  await whole(matrixRun, ({ timeline = [] }) => timeline.some(isSlow));
  await whole(superseded, ({ state }) => state.status !== 'running' && state.status !== 'waiting');
  // Temporal lists what has ended a moment later.
  await until<{ runs: ListedRun[] }>('runs/list', ({ runs }) =>
    runs.some(({ run, endedAt }) => run === redRun && endedAt),
  );

  return {
    ...{ green: greenRun, red: redRun, matrix: matrixRun, superseded, approval: approvalRun, fork: forkRun },
    redInTemporal: redState.url ?? '',
    ...{ inLane, holder, filtered: filtered.delivery, started: red.delivery, merged: merged.delivery },
    refusedMessage: messages.find(({ state }) => state === 'refused')?.message ?? '',
  };
}

function pushOf(branch: string, what: { sha: string; message: string; files?: readonly string[] }) {
  const { sha, message, files = ['cart.js'] } = what;
  const author = { name: 'Ada', email: 'ada@example.com', username: 'ada' };
  const url = `${repository.html_url}/commit/${sha}`;
  const commit = { id: sha, message, url, author, added: [], removed: [], modified: files };
  // Two pushes of one commit are told apart by it.
  const pushed = { ...repository, pushed_at: Date.now() };
  const ref = `refs/heads/${branch}`;
  return pushPayload({ ref, after: sha, commits: [commit], head_commit: commit, repository: pushed });
}

function tagOf(tag: string, sha: string) {
  return { ref: `refs/tags/${tag}`, before: ZERO, after: sha, created: true, commits: [] };
}

function pullOf(
  pull: { sha: string; number: number; title: string; from?: { id: number; full_name: string } },
  more: Readonly<Record<string, unknown>> = {},
) {
  const { sha, number, title, from = { id: repository.id, full_name: repository.full_name } } = pull;
  const html_url = `${repository.html_url}/pull/${number}`;
  const base = { ref: 'main', sha, repo: { id: repository.id, full_name: repository.full_name } };
  const head = { ref: 'change', sha, repo: from };
  const changed = { number, title, html_url, base, head, updated_at: new Date().toISOString(), ...more };
  return pullRequestPayload({ number, repository }, changed);
}
