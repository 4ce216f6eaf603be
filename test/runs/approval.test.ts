import { describe, expect, test } from 'vitest';
import {
  approversInWords,
  isSamePerson,
  oneLine,
  readApprover,
  rejectedInWords,
  whyNotCounted,
} from '../../src/runs/approval.js';

const rules = {
  by: ['permission:write'],
  quorum: 2,
  authors: [{ login: 'ada', id: '1' }, { login: 'Grace' }],
  allowAuthor: false,
  operators: true,
};
const by = (login: string, id?: string) => ({ login, ...(id !== undefined && { id }) });
const given = (login: string, how: 'comment' | 'link' | 'operator' = 'comment', id?: string) => ({
  ...by(login, id),
  how,
  at: '2026-11-26T00:00:00Z',
});
const approves = (person: { login: string; id?: string }, how: 'comment' | 'link' | 'operator' = 'comment') => ({
  approves: true,
  how,
  person,
});

test.each([
  ['anna', { kind: 'person', login: 'anna' }],
  ['@anna', { kind: 'person', login: 'anna' }],
  ['anna.smith@acme.example', { kind: 'person', login: 'anna.smith@acme.example' }],
  ['renovate[bot]', { kind: 'person', login: 'renovate[bot]' }],
  ['id:557058:0a1b-{2}', { kind: 'account', id: '557058:0a1b-{2}' }],
  ['team:acme/ops', { kind: 'team', team: 'acme/ops' }],
  ['group:acme/web/ops', { kind: 'team', team: 'acme/web/ops' }],
  ['permission:admin', { kind: 'permission', permission: 'admin' }],
  ['permission:none', undefined],
  ['permision:write', undefined],
  ['team:', undefined],
  ['team:acme/../ops', undefined],
  ['team:a b', undefined],
  ['', undefined],
  ['an\nna', undefined],
])('an entry %j of "by" means %j', (text, approver) => {
  expect(readApprover(text)).toEqual(approver);
});

test('who may approve is said in words', () => {
  expect(approversInWords(['anna'])).toBe('anna');
  expect(approversInWords(['anna', 'team:acme/ops', 'permission:write'])).toBe(
    'anna, a member of acme/ops or anybody with write access',
  );
});

test('two accounts are one person by either name or id, in any case', () => {
  expect(isSamePerson(by('Ada'), by('ada', '1'))).toBe(true);
  expect(isSamePerson(by('ada', '1'), by('renamed', '1'))).toBe(true);
  expect(isSamePerson(by('ada'), by('bea'))).toBe(false);
  expect(isSamePerson(by('ada', '1'), by('bea', '2'))).toBe(false);
});

describe('what counts without anybody being asked', () => {
  test.each([by('ADA'), by('renamed', '1'), by('grace', '9')])('an author, %j, does not', (person) => {
    expect(whyNotCounted(approves(person), { rules, given: [] })).toContain('somebody else has to approve it');
    expect(whyNotCounted(approves(person), { rules: { ...rules, allowAuthor: true }, given: [] })).toBeUndefined();
    // Who does not want their own change may say so.
    expect(whyNotCounted({ ...approves(person), approves: false }, { rules, given: [] })).toBeUndefined();
  });

  test('one person counts once, by whatever ways', () => {
    expect(whyNotCounted(approves(by('BEA'), 'link'), { rules, given: [given('bea')] })).toContain('already');
    expect(whyNotCounted(approves(by('b', '2')), { rules, given: [given('bea', 'link', '2')] })).toContain('already');
    expect(whyNotCounted(approves(by('cleo', '3')), { rules, given: [given('bea', 'link', '2')] })).toBeUndefined();
  });

  test('who is known by an id alone does not count beside who is known by a login alone: both may be one', () => {
    const link = approves(by('42', '42'), 'link');
    const authored = (author: { login: string; id?: string }) => ({ ...rules, authors: [author] });
    expect(whyNotCounted(link, { rules: authored(by('ada')), given: [] })).toContain("can't be told");
    expect(whyNotCounted(link, { rules: authored(by('ada', '7')), given: [] })).toBeUndefined();
    const known = authored(by('ada', '7'));
    expect(whyNotCounted(link, { rules: known, given: [given('bea', 'link')] })).toContain("can't be told");
    expect(whyNotCounted(approves(by('bea')), { rules: known, given: [given('42', 'link', '42')] })).toContain(
      "can't be told",
    );
    expect(whyNotCounted(link, { rules: known, given: [given('bea', 'comment', '8')] })).toBeUndefined();
    expect(whyNotCounted(link, { rules: known, given: [given('olga', 'operator')] })).toBeUndefined();
  });

  test('all operators are one person, and not one who has answered by name', () => {
    const olga = given('olga', 'operator');
    expect(whyNotCounted(approves(by('peter'), 'operator'), { rules, given: [olga] })).toContain('already');
    expect(whyNotCounted(approves(by('Bea'), 'operator'), { rules, given: [given('bea')] })).toContain('already');
    expect(whyNotCounted(approves(by('bea')), { rules, given: [olga] })).toBeUndefined();
    expect(whyNotCounted(approves(by('bea')), { rules, given: [given('bea', 'operator')] })).toContain('already');
    const none = { ...rules, operators: false };
    for (const says of [true, false])
      expect(
        whyNotCounted({ ...approves(by('olga'), 'operator'), approves: says }, { rules: none, given: [] }),
      ).toContain('operators do not count');
  });
});

test('a reason is one line without what changes its direction, and has an end', () => {
  expect(oneLine(' a\r\nb\u202e\u0000c\u2028 ', 10)).toBe('a b c');
  expect(rejectedInWords({ by: 'bea' })).toBe('rejected by bea');
  expect(rejectedInWords({ by: 'bea', why: 'x'.repeat(5_000) })).toHaveLength('rejected by bea: '.length + 500);
});
