import { expect, test } from 'vitest';
import { isAskedElsewhere } from '../../../src/server/page/asked-elsewhere.js';

const asked = (site: string | undefined, mode?: string, dest?: string, method = 'GET') =>
  isAskedElsewhere({
    method,
    headers: {
      ...(site !== undefined && { 'sec-fetch-site': site }),
      ...(mode !== undefined && { 'sec-fetch-mode': mode }),
      ...(dest !== undefined && { 'sec-fetch-dest': dest }),
    },
  });

test.each([
  ['a script of another site', 'cross-site', 'no-cors', 'empty'],
  ['a picture on another site', 'cross-site', 'no-cors', 'image'],
  ['a frame on another site', 'cross-site', 'navigate', 'iframe'],
  ['an object on another site', 'cross-site', 'navigate', 'object'],
  ['a neighbour, also another port of this machine', 'same-site', 'cors', 'empty'],
  ['another site that says no more', 'cross-site', undefined, undefined],
])('%s is refused', (_, site, mode, dest) => {
  expect(asked(site, mode, dest)).toBe(true);
  expect(asked(site, mode, dest, 'HEAD')).toBe(true);
});

test.each([
  ['a link on another site', 'cross-site', 'navigate', 'document'],
  ['a link, in a browser that says no more', 'cross-site', 'navigate', undefined],
  ['the page itself', 'same-origin', 'cors', 'empty'],
  ['an address that somebody typed', 'none', 'navigate', 'document'],
  ['a program', undefined, undefined, undefined],
])('%s is let through', (_, site, mode, dest) => {
  expect(asked(site, mode, dest)).toBe(false);
});
