import { expect, test } from 'vitest';
import { inTurn, takeTurns } from '../../src/store/turns.js';

const flows = (...names: string[]) => names.map((flow) => ({ flow }));
const after = (flow: string, ...names: string[]) => inTurn(flows(...names), flow).map((each) => each.flow);

test('flows begin behind the one where the last turn ended, whether that is still there or not', () => {
  expect(after('', '', 'a', 'b')).toEqual(['a', 'b', '']);
  expect(after('a', '', 'a', 'b')).toEqual(['b', '', 'a']);
  expect(after('aa', 'a', 'b')).toEqual(['b', 'a']);
  expect(after('b', 'a', 'b')).toEqual(['a', 'b']);
  expect(after('z')).toEqual([]);
});

test('each queue gives one in each round, until all that may be taken is', () => {
  expect(
    takeTurns(
      ['abc', 'd', '', 'ef'].map((queue) => [...queue]),
      100,
    ).join(''),
  ).toBe('adebfc');
  expect(takeTurns([['a', 'b', 'c'], ['d']], 3)).toEqual(['a', 'd', 'b']);
  expect(takeTurns([['a', 'b'], ['c']], 1)).toEqual(['a']);
  expect(takeTurns([], 5)).toEqual([]);
});
