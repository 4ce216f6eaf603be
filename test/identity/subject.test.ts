import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Subject, subjectOf } from '../../src/identity/subject.js';

const main: Subject = { source: 'github', repository: 'acme/app', ref: 'refs/heads/main', automation: 'deploy' };

test('a subject names source, repository, ref and automation', () => {
  expect(subjectOf(main)).toBe('source:github:repository:acme/app:ref:refs/heads/main:automation:deploy');
});

test('the head of a pull request has a subject without a ref', () => {
  expect(subjectOf({ ...main, ref: undefined })).toBe(
    'source:github:repository:acme/app:pull_request:automation:deploy',
  );
});

test.each([
  ['refs/heads/feature#1@2+3=4,(5)', 'refs/heads/feature#1@2+3=4,(5)'],
  ['refs/heads/100%', 'refs/heads/100%25'],
  ['refs/heads/a:automation:deploy', 'refs/heads/a%3Aautomation%3Adeploy'],
  ['refs/heads/größe', 'refs/heads/gr%C3%B6%C3%9Fe'],
  ['refs/heads/a\u3000b', 'refs/heads/a%E3%80%80b'],
  ['refs/heads/🚀', 'refs/heads/%F0%9F%9A%80'],
])('the ref %s is written %s', (ref, written) => {
  expect(subjectOf({ ...main, ref })).toBe(`source:github:repository:acme/app:ref:${written}:automation:deploy`);
});

test.each([
  ['a part that is empty', { ...main, automation: '' }, /empty/],
  ['half of a character', { ...main, ref: 'refs/heads/\ud800' }, /not Unicode/],
  [
    'more than relying parties take',
    { ...main, ref: `refs/heads/${'x'.repeat(200)}` },
    /2\d\d characters, and .* take 255/,
  ],
])('%s has no subject', (_, subject, why) => {
  expect(() => subjectOf(subject)).toThrow(why);
});

/** Names as an attacker would choose them, and any others. */
const piece = fc.oneof(
  fc.constantFrom(':', '%', '%3A', '%253A', 'ref', 'pull_request', ':pull_request:', ':ref:refs/heads/main', '/', '\n'),
  fc.constantFrom(':automation:deploy', 'source:github:repository:acme/app', 'refs/heads/main', 'deploy', 'main'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);
const name = fc
  .array(piece, { minLength: 1, maxLength: 3 })
  .map((pieces) => pieces.join(''))
  .filter((text) => text !== '');
const anySubject = fc.record({
  source: name,
  repository: name,
  ref: fc.option(name, { nil: undefined }),
  automation: name,
});

test('no names, whatever they hold, make the subject of others', () => {
  fc.assert(
    fc.property(anySubject, anySubject, (one, other) => {
      const [a, b] = [written(one), written(other)];
      fc.pre(a !== undefined && b !== undefined);
      expect(a === b).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 2_000 },
  );
});

test('what a subject names can be read from it, part by part', () => {
  fc.assert(
    fc.property(anySubject, (subject) => {
      const text = written(subject);
      fc.pre(text !== undefined);
      expect(text).toMatch(/^[\x21-\x7e]+$/);
      const parts = (text as string).split(':').map(decodeURIComponent);
      const { source, repository, ref, automation } = subject;
      const of = ref === undefined ? ['pull_request'] : ['ref', ref];
      expect(parts).toEqual(['source', source, 'repository', repository, ...of, 'automation', automation]);
    }),
    { numRuns: 1_000 },
  );
});

/** Returns the subject, or nothing where there is none. */
function written(subject: Subject): string | undefined {
  try {
    return subjectOf(subject);
  } catch {
    return undefined;
  }
}
