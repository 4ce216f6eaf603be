import { expect, test } from 'vitest';
import { leadsToSignIn } from '../../src/http/redirect.js';

const leads = (location: string, asked = '') => leadsToSignIn({ status: 302, location }, asked);

test.each(['auth', 'sso', 'login', 'oauth2', 'saml'])(
  'what is called %s, and was asked for, is no page to sign in',
  (name) => {
    const asked = `/job/team/job/${name}/12/stop`;
    for (const location of [
      `/job/team/job/${name}/12/`,
      `https://ci.example/jenkins/job/team/job/${name}/12/`,
      `/job/team/job/${name}/`,
      `/job/team/job/${name}`,
    ])
      expect(leads(location, asked)).toBe(false);
    expect(leads(`/job/${name}/job/app/12/`, `/job/${name}/job/app/12/stop`)).toBe(false);
  },
);

test.each([
  '/login?from=%2Fjob%2Fauth',
  'https://sso.example/login',
  '/oauth2/start',
  '/job/auth/login',
  '/securityRealm/commenceLogin',
  '/users/sign_in',
])('a page to sign in is one whatever was asked for: %s', (location) => {
  for (const asked of ['', '/job/auth/job/app/12/stop', '/job/team/12/stop']) expect(leads(location, asked)).toBe(true);
});
