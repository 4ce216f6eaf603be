/** Files of the repository that is built: shell scripts that print what real tools print, and tests of Node's own runner. */
const INSTALL = `printf '\\033[1mInstalling for Node %s\\033[0m\\n' "$NODE"
for name in express preact zod pino undici commander; do
  echo "added $name"
done
echo '::group::Resolved packages'
for at in $(seq 1 40); do echo "  package-$at@1.$at.0"; done
echo '::endgroup::'
printf '\\033[32madded 214 packages\\033[0m, and audited 215 packages in 2s\\n'
sleep 1
`;
const LINT = `printf '\\033[34mChecked 128 files in 340ms.\\033[0m No fixes applied.\\n'
printf '\\033[33mwarning\\033[0m src/cart.ts:12:3 this variable is never read\\n'
printf '| file | size | before |\\n|---|---|---|\\n| cart.js | 1.2 kB | 1.1 kB |\\n' >> "$HOOKYARD_SUMMARY"
`;
/** It has an end that comes long after the images were made. */
const SLOW = `for at in $(seq 1 900); do
  echo "$at of 900: rolled out to host-$at.example.com"
  sleep 1
done
`;
const TEST = `if test -e slow; then sh ci/slow.sh; fi
exec node --test --test-reporter=tap
`;

const tests = (total: number) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total } from './cart.js';

test('an empty cart costs nothing', () => assert.equal(total([]), 0));
test('prices are added up', () => assert.equal(total([{ price: 2 }, { price: ${total - 2} }]), ${total}));
test('a discount is taken off', () => assert.equal(total([{ price: 10 }], { discount: 3 }), 7));
test('shipping is free from 50 on', { skip: 'not decided' }, () => {});
`;
const CART = `export function total(items, { discount = 0 } = {}) {
  return items.reduce((sum, { price }) => sum + price, 0) - discount;
}
`;

/** What is on `main` while all is well. */
export const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "shop", "type": "module" }\n',
  'cart.js': CART,
  'cart.test.js': tests(5),
  'ci/install.sh': INSTALL,
  'ci/lint.sh': LINT,
  'ci/slow.sh': SLOW,
  'ci/test.sh': TEST,
};

/** A change after which a test fails. */
export const BROKEN: Readonly<Record<string, string>> = { 'cart.js': CART.replace('- discount', '+ discount') };

/** A change after which tests take very long. */
export const ENDLESS: Readonly<Record<string, string>> = { 'cart.js': CART, slow: 'yes\n' };
