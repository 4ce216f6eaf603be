import { describe, expect, test } from 'vitest';
import { PROVIDERS } from '../../src/providers/index.js';
import { knownSources } from '../../src/providers/known-sources.js';
import type { Source } from '../../src/providers/source.js';
import { Secret } from '../../src/secrets/secret.js';
import { kinds, sourceOf } from './senders.js';

const token = new Secret('an api token');
const known = (source: Source) => knownSources({ it: source }).it;
const withApi = (kind: Source['kind'], more: object = {}) =>
  known({ ...sourceOf(kind), api: { token }, ...more } as Source);

test.each(kinds)('a known source of kind %s is the configured one, with its scheme', (kind) => {
  const source = sourceOf(kind);
  expect(known(source)).toMatchObject({ source, scheme: { capabilities: { events: expect.anything() } } });
});

describe('which sources are reconciled by state follows from the one table:', () => {
  const gitKinds = kinds.filter((kind) => 'missed' in PROVIDERS[kind].facts);

  test.each(gitKinds)('which sources are reconciled by state follows from the one table: %s', (kind) => {
    const { facts } = PROVIDERS[kind];
    expect(withApi(kind)?.reconciledByState).toBe('missed' in facts && facts.missed === 'state');
  });

  test('a source whose API token only the workers have is reconciled by state for the receiver too', () => {
    expect(withApi('gitea', { api: { token: undefined } })?.reconciledByState).toBe(true);
  });

  test('a source without an API is not reconciled by state', () => {
    expect(known(sourceOf('gitea'))?.reconciledByState).toBe(false);
  });

  test('a source that says reconcile: false is not reconciled by state', () => {
    expect(withApi('gitea', { reconcile: false })?.reconciledByState).toBe(false);
  });
});
