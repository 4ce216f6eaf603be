import { expect, test } from 'vitest';
import type { CommentEvent } from '../../../src/events/event.js';
import { commentsIn } from '../../../src/intake/comments/comments-in.js';
import { readEvents } from '../../../src/intake/read-events.js';
import { schemeOf } from '../../../src/providers/known-sources.js';
import { comment } from '../../../src/triggers/index.js';
import { match } from '../../../src/triggers/match.js';
import { sourceOf } from '../../providers/senders.js';
import { repository, SHA } from '../../support/harness/payloads.js';
import { commentEvent, reviewEvent } from '../../triggers/sample-events.js';

const sender = { id: 5, login: 'ada', type: 'User' };
const pull = (state = 'open') => ({
  number: 7,
  title: 't',
  html_url: 'https://x.example/7',
  state,
  user: sender,
  base: { ref: 'main', sha: SHA, repo: repository },
  head: { ref: 'more', sha: SHA, repo: repository },
});
const deploys = { on: [comment({ commands: ['deploy'] })] };

function read(kind: 'github' | 'gitea' | 'forgejo', eventName: string, payload: object) {
  const source = sourceOf(kind);
  const reading = readEvents(
    { repository, sender, ...payload },
    { source, scheme: schemeOf(source), reconciledByState: false } as never,
    {
      id: 'd1',
      source: kind,
      eventName,
      receivedAt: 0,
    },
  );
  return 'ignored' in reading ? [] : reading.events;
}

/** What each provider sends about a review with this text. */
const reviews = (body: string, { state = 'open', login = 'ada', type = 'User' } = {}) => {
  const by = { ...sender, login, type };
  const review = { id: 8, state: 'commented', body, user: by, commit_id: SHA, html_url: 'https://x.example/7#8' };
  const given = { pull_request: pull(state), sender: by };
  const gitea = {
    ...given,
    action: 'reviewed',
    number: 7,
    review: { type: 'pull_request_review_comment', content: body },
  };
  return [
    read('github', 'pull_request_review', { ...given, action: 'submitted', review }),
    read('github', 'pull_request_review', { ...given, action: 'submitted', review: { ...review, state: 'approved' } }),
    read('gitea', 'pull_request_comment', gitea),
    read('gitea', 'pull_request_approved', gitea),
    read('forgejo', 'pull_request_rejected', gitea),
  ];
};

test('a command in the text of a review is a comment beside the review, at every provider', () => {
  for (const events of reviews('Fine.\n\n/deploy staging')) {
    expect(events.map(({ kind }) => kind)).toEqual(['review', 'comment']);
    expect(events[1]).toMatchObject({
      kind: 'comment',
      action: 'created',
      on: 'pull_request',
      number: 7,
      open: true,
      comment: { in: 'review', author: 'ada' },
      commands: [{ name: 'deploy', args: ['staging'] }],
    });
    expect(match(deploys, events[1] as CommentEvent).runs).toBe(true);
  }
});

test('a review without a command that is seen is a review alone', () => {
  for (const body of ['Fine.', '> /deploy', '```\n/deploy\n```', '<!--\n/deploy\n-->'])
    for (const events of reviews(body)) expect(events.map(({ kind }) => kind)).toEqual(['review']);
});

test('the comment that a review is has of it what the review has, and no more', () => {
  const { repository, sender, source, provider, deliveryId, receivedAt, url } = reviewEvent();
  const comment = {
    ...{ repository, sender, source, provider, deliveryId, receivedAt },
    ...{ kind: 'comment', action: 'created', on: 'pull_request', number: 7, title: 't' },
    comment: { id: deliveryId, in: 'review', body: '/deploy', author: 'ada', url },
  };
  expect(commentsIn(reviewEvent({ body: '/deploy' }))).toStrictEqual([comment]);
  const known = { open: false, commit: { sha: SHA } };
  expect(commentsIn(reviewEvent({ body: '/deploy', ...known }))).toStrictEqual([{ ...comment, ...known }]);
  for (const none of [reviewEvent(), reviewEvent({ body: '' }), commentEvent()]) expect(commentsIn(none)).toEqual([]);
});

test('a command in a review of a closed pull request, or of a bot, starts nothing', () => {
  for (const who of [{ state: 'closed' }, { login: 'renovate[bot]', type: 'Bot' }])
    for (const events of reviews('/deploy', who)) {
      if (!events.some((event) => event.kind === 'comment')) continue;
      // Gitea has no mark for bots.
      if ('type' in who && events[0]?.provider !== 'github') continue;
      expect(events.map((event) => match(deploys, event).runs)).toEqual([false, false]);
    }
});

test('a review that is dismissed or edited gives its command no second time', () => {
  const review = { id: 8, state: 'dismissed', body: '/deploy', user: sender, commit_id: SHA };
  for (const action of ['dismissed', 'edited']) {
    const events = read('github', 'pull_request_review', { action, review, pull_request: pull() });
    expect(events.some(({ kind }) => kind === 'comment')).toBe(false);
  }
});

const lineComment = (body: string, { action = 'created', state = 'open', user = sender } = {}) =>
  read('github', 'pull_request_review_comment', {
    action,
    sender: user,
    comment: { id: 61, body, user, path: 'src/a', commit_id: SHA, html_url: 'x', created_at: '2026-01-01T10:00:00Z' },
    pull_request: pull(state),
  });

test('a command on a line of a pull request is a comment on it', () => {
  const [event, ...others] = lineComment('/Deploy\u00a0staging');
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    kind: 'comment',
    action: 'created',
    on: 'pull_request',
    number: 7,
    open: true,
    commit: { sha: SHA },
    comment: { id: '61', in: 'line', author: 'ada', createdAt: '2026-01-01T10:00:00.000Z' },
    commands: [{ name: 'deploy', args: ['staging'] }],
  });
  expect(match(deploys, event as CommentEvent).runs).toBe(true);
});

test('a line comment that is edited, of a bot, or on a closed pull request starts nothing', () => {
  const bot = { ...sender, login: 'renovate[bot]', type: 'Bot' };
  for (const change of [{ action: 'edited' }, { action: 'deleted' }, { state: 'closed' }, { user: bot }])
    for (const event of lineComment('/deploy', change)) expect(match(deploys, event).runs).toBe(false);
});
