import { expect } from 'vitest';
import type { HookyardEvent, RepositoryEvent } from '../../src/events/event.js';
import { storedEvent } from '../../src/intake/stored-event.js';

/** What the vocabulary promises of an event, whatever the payload was: written once more, and not as the schemas are. */
export function expectPromises(event: HookyardEvent): void {
  if ('repository' in event) expectOfRepository(event);
  else {
    expect(event.kind).toBe('generic');
    expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThanOrEqual(100_000);
  }
}

const NAMES: Readonly<Partial<Record<string, RegExp>>> = {
  gitlab: /^[\w.-]+(?:\/[\w.-]+)+$/,
  'bitbucket-data-center': /^~?[\w.-]+\/[\w.-]+$/,
  'azure-devops': /^[^/\\:?*"<>|\p{Cc}\p{Cs}]+\/[^/\\:?*"<>|\p{Cc}\p{Cs}]+$/u,
};

/** In characters. */
const MAX: Readonly<Record<string, number>> = {
  title: 500,
  body: 10_000,
  message: 2_000,
  url: 2_000,
  login: 200,
  author: 300,
  reviewer: 200,
  name: 510,
  environment: 255,
  id: 200,
};

const REFS = ['ref', 'branch', 'tag', 'defaultBranch'];
const TIMES = ['receivedAt', 'updatedAt', 'createdAt'];
const COMMITS = ['sha', 'before'];

function expectOfRepository(event: RepositoryEvent): void {
  expect(Buffer.byteLength(JSON.stringify(storedEvent(event)))).toBeLessThanOrEqual(200_000);
  for (const [key, value] of leavesOf(event)) {
    if (typeof value === 'string') expectText(key, value, event.provider);
    if (key === 'number') expect(Number.isSafeInteger(value) && Number(value) > 0, `number ${value}`).toBe(true);
    if (key === 'id') expect(typeof value).toBe('string');
  }
  expectName(event.repository.fullName, event.provider);
  if (event.kind === 'pull_request') {
    expect(event.commit.sha).toBe(event.pullRequest.head.sha);
    expect(event.pullRequest.labels.length).toBeLessThanOrEqual(100);
    if (event.pullRequest.head.repository) expectName(event.pullRequest.head.repository, event.provider);
  }
  if (event.kind === 'push' || event.kind === 'branch_deleted') expect(event.ref).toBe(`refs/heads/${event.branch}`);
  if (event.kind === 'tag' || event.kind === 'tag_deleted') expect(event.ref).toBe(`refs/tags/${event.tag}`);
}

function expectText(key: string, value: string, provider: string): void {
  if (key in MAX) expect(value.length, `length of ${key}`).toBeLessThanOrEqual(MAX[key] ?? 0);
  if (TIMES.includes(key)) expect(new Date(value).toISOString(), key).toBe(value);
  if (REFS.includes(key)) expectRef(value);
  if (COMMITS.includes(key))
    expect(value, key).toMatch(
      provider === 'bitbucket-cloud'
        ? /^(?:[0-9a-f]{12}|[0-9a-f]{40}|[0-9a-f]{64})$/
        : /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
    );
}

function expectRef(ref: string): void {
  expect(ref.length).toBeLessThanOrEqual(1_000);
  expect(ref, 'a ref on one line').not.toMatch(/[\p{Cc}\p{Cs} ]/u);
  expect(ref, 'a ref that git takes').not.toMatch(/[~^:?*[\\]|@\{|\.lock(?:\/|$)/);
  for (const part of ref.split('/')) expect(part, `a part of ${ref}`).toMatch(/^(?!\.).+$/u);
  expect(ref).not.toContain('..');
}

function expectName(fullName: string, provider: string): void {
  expect(fullName).toMatch(NAMES[provider] ?? /^[\w.-]+\/[\w.-]+$/);
  expect(fullName.length).toBeLessThanOrEqual(300);
  for (const part of fullName.split('/')) expect(part).not.toMatch(/^\.{1,2}$/);
}

/** Each value that holds no others, with the name of the field that it stands in. */
function* leavesOf(value: unknown, key = ''): Generator<readonly [string, unknown]> {
  if (typeof value !== 'object' || value === null) yield [key, value];
  else if (Array.isArray(value)) for (const item of value) yield* leavesOf(item, `${key}[]`);
  else for (const [name, inner] of Object.entries(value)) yield* leavesOf(inner, name);
}
