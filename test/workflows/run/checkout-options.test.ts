import { expect, test } from 'vitest';
import type { CheckoutOptions } from '../../../src/activities/contract/index.js';
import { checkCheckoutOptions } from '../../../src/workflows/run/checkout-options.js';

const check = (options: unknown) => () => checkCheckoutOptions(options as CheckoutOptions);
const token = { secret: 'other' };

test.each<CheckoutOptions>([
  {},
  { depth: 0 },
  { depth: 50, submodules: 'recursive', lfs: false, credentials: true, merge: true },
  { submodules: true, submoduleOwners: ['acme-libraries'] },
  { submodules: true, submoduleOwners: ['*'] },
  { submodules: true, submoduleTokens: { 'git.example': token, 'git.example:8443': { username: 'me', token } } },
])('%j are options', (options) => {
  expect(check(options)).not.toThrow();
});

test.each([
  [{ dept: 1 }, /no option "dept"; it has depth, submodules/],
  [{ depth: -1 }, /"checkout.depth" must be a whole number of commits, or 0 for all, not -1/],
  [{ depth: '1' }, /not "1"/],
  [{ submodules: 'yes' }, /true, false or 'recursive', not "yes"/],
  [{ lfs: 'no' }, /"checkout.lfs" must be true or false/],
  [{ credentials: 1 }, /"checkout.credentials"/],
  [{ merge: 'true' }, /"checkout.merge"/],
  [{ submoduleTokens: { 'https://git.example': token } }, /is by host/],
  [{ submoduleOwners: 'acme' }, /"checkout.submoduleOwners" must be a list of owners.*, not "acme"/],
  [{ submoduleOwners: ['acme/lib'] }, /must be a list of owners/],
  [true, /must be an object/],
  [null, /must be an object/],
])('%j say what is wrong', (options, message) => {
  expect(check(options)).toThrow(message);
});

test('a token in the place of its name is refused, and not repeated', () => {
  const options = { submoduleTokens: { 'git.example': 'canary-token' } };
  expect(check(options)).toThrow(/needs secret\('name'\) for "git\.example"/);
  expect(check(options)).not.toThrow(/canary/);
});
