import { expect, test } from 'vitest';
import { environmentSecrets } from '../../src/config/environment-secrets.js';

test('the credentials that the AWS SDK takes from the environment by itself are secrets', () => {
  const env = {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'a-secret-key',
    AWS_SESSION_TOKEN: 'a-session-token',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic a-token-of-a-container',
  };
  const found = environmentSecrets(env).filter((each) => each !== '');
  expect(found).toEqual(['a-secret-key', 'a-session-token', 'Basic a-token-of-a-container']);
});
