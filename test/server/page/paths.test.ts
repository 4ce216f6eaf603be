import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveryPath, logPath, runPath, withQuery } from '../../../src/server/page/paths.js';
import { returnTo } from '../../../src/server/page/return-to.js';
import { withoutJsonEnd } from '../../../src/server/page/wants.js';

/** What a browser makes of a link, and Express of what is asked for. */
function idAt(path: string, before: string): string {
  const { pathname } = new URL(path, 'http://hookyard.example');
  const { url } = withoutJsonEnd(pathname);
  return url.slice(before.length).split('/').map(decodeURIComponent).join('/');
}

test('the paths of runs and deliveries lead to what they name, whatever it is called', () => {
  expect(runPath('ci/github/7e3a1c52')).toBe('/runs/ci/github/7e3a1c52');
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('ci/x/../../../deliveries', 'ci//x', './x', 'ci/hub/a.json', 'ci/hub/%2F', 'a?b#c'),
    )
    .filter((run) => !/^\.{1,2}$/.test(run));
  fc.assert(
    fc.property(name, (run) => {
      expect(idAt(runPath(run), '/runs/')).toBe(run);
    }),
  );
  for (const id of ['d1', 'a/b', 'a?b', '../x']) expect(idAt(deliveryPath(id), '/deliveries/')).toBe(id);
});

test('a run of a source called "logs" is not taken for a log, nor its log for another', () => {
  expect(runPath('ci/logs/7e3a1c52')).toBe('/runs/ci%2Flogs%2F7e3a1c52');
  expect(logPath({ run: 'ci/logs/7e3a1c52', job: 'test' })).toBe('/runs/ci%2Flogs%2F7e3a1c52/logs/test');
  // What stands elsewhere in the path is not where a log has it.
  for (const run of ['logs/github/1', 'ci/github/logs', 'ci/logs/1/replay-1', 'ci/logs-of/1'])
    expect(runPath(run)).toBe(`/runs/${run}`);
});

test('a query leaves out what is not there', () => {
  expect(withQuery('/runs', { branch: 'a b&c', page: undefined, text: '', before: 0 })).toBe(
    '/runs?branch=a+b%26c&before=0',
  );
  expect(withQuery('/runs', {})).toBe('/runs');
});

test.each([
  ['/deliveries?state=failed', '/deliveries?state=failed'],
  ['//evil.example/x', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/a\r\nb', '/'],
  ['/\u4f60', '/'],
  ['/a b', '/'],
  ['/deliveries?text=%E4%BD%A0', '/deliveries?text=%E4%BD%A0'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
  [`/${'a'.repeat(600)}`, '/'],
])('after the sign-in, %j leads to %s', (wanted, path) => {
  expect(returnTo(wanted)).toBe(path);
});

test.each([
  ['/deliveries.json?state=failed', '/deliveries?state=failed', true],
  ['/index.json', '/', true],
  ['/deliveries?text=a.json', '/deliveries?text=a.json', false],
])('%s is the JSON of %s: %s', (asked, url, isJson) => {
  expect(withoutJsonEnd(asked)).toEqual({ url, isJson });
});
