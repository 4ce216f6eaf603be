import { expect, test, vi } from 'vitest';
import type { DispatchFailure } from '../../src/dispatch/failure.js';
import { EFFECTS, outcomeOf } from '../../src/dispatch/outcome.js';

const engine: DispatchFailure = { kind: 'engine', code: 'UNAVAILABLE', error: 'UNAVAILABLE' };
const yes = async () => true;
const no = async () => false;

test('what Temporal refuses for good, and what could not be sent, is a dead letter whoever is at fault', async () => {
  for (const cause of ['server', 'self', 'poison'] as const) {
    expect(await outcomeOf({ kind: 'refused', error: '' }, cause, yes)).toBe('refused');
    expect(await outcomeOf({ kind: 'unsendable', error: '' }, cause, yes)).toBe('unsendable');
  }
  expect([EFFECTS.refused, EFFECTS.unsendable]).toMatchObject([{ settlement: 'failed' }, { settlement: 'failed' }]);
});

test('a failure that may be the server’s is told apart by whether Temporal answers another question', async () => {
  expect(EFFECTS[await outcomeOf(engine, 'server', yes)]).toMatchObject({ breaker: 'rejected', settlement: 'retry' });
  expect(EFFECTS[await outcomeOf(engine, 'server', no)]).toMatchObject({ breaker: 'failed', settlement: 'retry' });
});

test('an overloaded Temporal is not asked another question', async () => {
  const answers = vi.fn(yes);
  expect(await outcomeOf({ ...engine, code: 'RESOURCE_EXHAUSTED' }, 'server', answers)).toBe('unanswered');
  expect(answers).not.toHaveBeenCalled();
});

test('a failure that is the dispatch’s own says nothing to the breaker', async () => {
  const odd: DispatchFailure = { kind: 'odd', error: 'nobody thought of it' };
  for (const failure of [engine, odd]) {
    expect(EFFECTS[await outcomeOf(failure, 'self', no)]).toMatchObject({ breaker: 'unknown', settlement: 'retry' });
    expect(EFFECTS[await outcomeOf(failure, 'poison', no)]).toMatchObject({ breaker: 'unknown', settlement: 'failed' });
  }
});
