import { expect, test } from 'vitest';
import { environmentSecrets } from '../../src/config/environment-secrets.js';

test('the credentials that the AWS SDK takes from the environment by itself are secrets', () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'a-secret-key',
    AWS_SESSION_TOKEN: 'a-session-token',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic a-token-of-a-container',
  };
  expect(environmentSecrets(env)).toEqual({
    credentials: ['a-secret-key', 'a-session-token', 'Basic a-token-of-a-container'],
    others: [],
  });
});

test.each([
  ['authorization', true],
  ['X-API-Key', true],
  ['lightstep-access-token', true],
  ['x-honeycomb-team', true],
  ['uptrace-dsn', true],
  ['x-honeycomb-dataset', false],
  ['X-Scope-OrgID', false],
  ['Dash0-Dataset', false],
])('a header of an exporter that is called %s is taken for a credential: %s', (name, isCredential) => {
  const [credentials, others] = isCredential ? [['acme-corp', 'acme-corp'], []] : [[], ['acme-corp', 'acme-corp']];
  const OTEL_EXPORTER_OTLP_HEADERS = `${name}=acme-corp`;
  expect(environmentSecrets({ OTEL_EXPORTER_OTLP_HEADERS })).toEqual({ credentials, others });
});

test('of the headers of calls to Temporal, the namespace is no credential', () => {
  const env = {
    TEMPORAL_GRPC_META_AUTHORIZATION: 'Bearer abc-123',
    TEMPORAL_GRPC_META_TEMPORAL_NAMESPACE: 'acme.a1b2c',
  };
  expect(environmentSecrets(env)).toEqual({ credentials: ['Bearer abc-123'], others: ['acme.a1b2c'] });
});
