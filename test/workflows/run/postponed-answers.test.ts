import { expect, test } from 'vitest';
import type { ApprovalAnswer } from '../../../src/runs/approval.js';
import { postponedAnswers } from '../../../src/workflows/run/postponed-answers.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const answer = (id: string): ApprovalAnswer => ({
  ...{ id, name: 'production', nth: 1, approves: true, person: { login: 'bea' }, how: 'link', at: '' },
});

test('an answer is weighed again after ten minutes, then after twice as long, and once a day in the end', () => {
  const postponed = postponedAnswers();
  const pauses: number[] = [];
  for (let now = 0; pauses.length < 10; ) {
    postponed.add(answer('a'), now);
    const next = postponed.nextAt();
    expect(postponed.due(next - 1)).toBeUndefined();
    expect(postponed.due(next)?.id).toBe('a');
    expect(postponed.due(next)).toBeUndefined();
    pauses.push(next - now);
    now = next;
  }
  expect(pauses.map((ms) => ms / MINUTE)).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440]);
});

test('each has its own time, and nobody waits for what there is not', () => {
  const postponed = postponedAnswers();
  expect(postponed.nextAt()).toBe(Number.POSITIVE_INFINITY);
  postponed.add(answer('a'), 0);
  postponed.add(answer('b'), 5 * MINUTE);
  expect(postponed.nextAt()).toBe(10 * MINUTE);
  expect([postponed.due(DAY)?.id, postponed.due(DAY)?.id, postponed.due(DAY)]).toEqual(['a', 'b', undefined]);
});
