import { describe, expect, test } from 'vitest';
import {
  comment,
  completed,
  cron,
  deployment,
  generic,
  pullRequest,
  push,
  release,
  tag,
} from '../../../src/triggers/index.js';
import { readAutomationOptions } from '../../../src/workflows/run/automation-options.js';

const on = push();
const read = (options: object) => readAutomationOptions({ on, ...options });

describe('timeout', () => {
  test.each([90_000, '1 hour', '20m'])('takes %j', (timeout) => {
    expect(read({ timeout }).timeout).toBe(timeout);
  });

  test.each([0, 999, -1, Number.NaN, '500 ms', 'soon', '366 days', true, null])(
    'refuses %j, and says what it takes',
    (timeout) => {
      expect(() => read({ timeout })).toThrow(`automation(): "timeout" must be a time from '1 second' to '365 days'`);
    },
  );
});

describe('debounce', () => {
  test('is a time, after which at most ten times as long has passed', () => {
    expect(read({ debounce: '30 seconds' }).debounce).toEqual({ waitMs: 30_000, atMostMs: 300_000 });
    const debounce = { wait: '1 minute', atMost: '2 minutes', group: 'repository' };
    expect(read({ debounce }).debounce).toEqual({ waitMs: 60_000, atMostMs: 120_000, group: 'repository' });
    expect(read({}).debounce).toBeUndefined();
  });

  test('needs a group where nothing that starts the automation has a branch, and deliveries that start it', () => {
    const debounce = '30 seconds';
    expect(() => read({ on: tag(), debounce })).toThrow(
      'automation(): "debounce.group" is missing, since tag() has no branch: a text such as "tag {tag}", or "repository"',
    );
    expect(() => read({ on: [release(), generic()], debounce })).toThrow('since release(), generic() have no branch');
    expect(() => read({ on: deployment(), debounce })).toThrow(
      'since deployment() has no branch: a text such as "to {env',
    );
    expect(() => read({ on: comment({ on: ['issue'] }), debounce })).toThrow('a text such as "comments {number}"');
    expect(() => read({ on: [cron('0 3 * * *'), completed('ci')], debounce: { wait: debounce, group: 'x' } })).toThrow(
      'automation(): "debounce" is for what deliveries bring',
    );
    for (const fine of [
      { on: generic(), debounce: { wait: debounce, group: 'order {data.order.id}' } },
      { on: tag(), debounce, concurrency: { group: 'repository' } },
      { on: [tag(), push()], debounce },
      { on: comment(), debounce },
    ])
      expect(read(fine).debounce).toMatchObject({ waitMs: 30_000 });
  });

  test('needs a group that what starts the automation fills', () => {
    const debounce = { wait: '30 seconds', group: '{pullRequest.number}' };
    // What a run of another automation leads to is held back by nobody.
    for (const on of [tag(), [tag(), completed('ci')]])
      expect(() => read({ on, debounce })).toThrow(
        'automation(): "debounce.group" "{pullRequest.number}" is never filled, since tag() has no {pullRequest.number}',
      );
    expect(read({ on: [tag(), pullRequest()], debounce }).debounce).toMatchObject({ group: '{pullRequest.number}' });
  });

  test.each([
    [{ debounce: 'soon' }, '"debounce.wait" must be a time from'],
    [{ debounce: '2 hours' }, '"debounce.wait" must be a time from'],
    [{ debounce: {} }, '"debounce.wait" is missing'],
    [{ debounce: { wait: '1 minute', atMost: '1 second' } }, 'must not be shorter than'],
    [{ debounce: { wait: '1 minute', atMost: '2 days' } }, '"debounce.atMost" must be a time from'],
    [{ debounce: { wait: '1 minute', atMots: '2 days' } }, 'unknown option "debounce.atMots"'],
    [{ debounce: { wait: '1 minute', group: 'branchs' } }, '"debounce.group" must be'],
    [
      { debounce: { wait: '1 minute', group: 'branch' }, concurrency: { group: 'branch' } },
      '"debounce.group" is that of "concurrency"',
    ],
    [{ debounce: null }, 'takes an object of options'],
    [{ cancelOnClose: 'no' }, '"cancelOnClose" must be true or false'],
  ])('refuses %j', (options, because) => {
    expect(() => read(options)).toThrow(because);
  });
});

test('an end that could never come is refused', () => {
  expect(() => read({ endOn: comment() })).toThrow('automation(): "endOn": comment() says no branch');
  expect(read({ on: pullRequest(), endOn: comment() }).endOn).toEqual([comment()]);
});
