import { describe, expect, it } from 'vitest';
import { createCircuitBreaker } from '../../src/dispatch/circuit-breaker.js';

function gate() {
  const told: string[] = [];
  const opened = createCircuitBreaker({
    away: (error, { answers }) => told.push(`${answers ? 'takes nothing' : 'away'}: ${error}`),
    back: (ms) => told.push(`back ${ms}`),
  });
  return { ...opened, told };
}

describe('the gate to Temporal', () => {
  it('lets everybody through while Temporal answers', () => {
    const { allows, enter, waitMs, told } = gate();
    enter(0).answered(1);
    expect(allows(16, 1)).toBe(16);
    expect(waitMs(1)).toBe(0);
    expect(told).toEqual([]);
  });

  it('lets one at a time through while it does not, and tells it once', () => {
    const { allows, enter, waitMs, told } = gate();
    const [one, two, three] = [enter(0), enter(0), enter(0)];
    one.failed('gone', 1_000);
    two.failed('gone', 1_001);
    expect(told).toEqual([]);
    three.failed('gone', 1_002);
    expect(told).toEqual(['away: gone']);
    expect(allows(16, 1_000)).toBe(0);
    const next = 1_000 + waitMs(1_000);
    expect(next).toBeGreaterThan(1_000);
    expect(allows(16, next)).toBe(1);
    const probe = enter(0);
    expect(allows(16, next + 60_000)).toBe(0);
    probe.failed('gone', next);
    expect(allows(16, next)).toBe(0);
    expect(allows(16, next + waitMs(next))).toBe(1);
    enter(0).answered(9_000);
    expect(told).toEqual(['away: gone', 'back 8000']);
    expect(allows(16, 9_000)).toBe(16);
  });

  it('asks at least every 5 seconds', () => {
    const { enter, waitMs } = gate();
    enter(0).failed('gone', 0);
    for (let i = 0; i < 100; i += 1) enter(0).failed('gone', 0);
    expect(waitMs(0)).toBeGreaterThan(2_000);
    expect(waitMs(0)).toBeLessThanOrEqual(5_000);
  });

  it('is not closed by a slow call when others were answered meanwhile', () => {
    const { enter, told } = gate();
    const slow = enter(0);
    enter(0).answered(1);
    slow.failed('deadline', 5_000);
    expect(told).toEqual([]);
  });

  it('lets everybody through while Temporal answers something else, and tells after a while that it takes nothing', () => {
    const { allows, enter, told } = gate();
    enter(0).heard('shard', 10);
    enter(10).heard('shard', 20);
    enter(20).heard('shard', 30);
    expect(allows(16, 30)).toBe(16);
    expect(told).toEqual([]);
    enter(3_000).heard('shard', 3_100);
    expect(told).toEqual(['takes nothing: shard']);
    enter(4_000).answered(4_010);
    expect(told).toEqual(['takes nothing: shard', 'back 4000']);
  });

  it('lets a few through each second when Temporal has taken nothing for long, and all when it takes one again', () => {
    const { allows, enter, waitMs } = gate();
    enter(0).heard('denied', 0);
    expect(allows(32, 9_000)).toBe(32);
    const begin = (now: number) => {
      const count = allows(32, now);
      for (let i = 0; i < count; i += 1) enter(now).heard('denied', now);
      return count;
    };
    expect([20_000, 20_300, 20_999, 21_000, 21_001].map(begin)).toEqual([16, 0, 0, 16, 0]);
    expect(waitMs(21_400)).toBe(600);
    enter(21_500).answered(21_510);
    expect(allows(32, 21_510)).toBe(32);
    expect(waitMs(21_510)).toBe(0);
  });

  it('opens when Temporal is heard again, though it did not take what was tried', () => {
    const { allows, enter, waitMs } = gate();
    enter(0).failed('gone', 0);
    expect(allows(16, 0)).toBe(0);
    const at = waitMs(0);
    enter(at).heard('shard', at + 1);
    expect(allows(16, at + 1)).toBe(16);
    expect(waitMs(at + 1)).toBe(0);
    enter(at + 1).failed('gone', at + 2);
    expect(allows(16, at + 2)).toBe(0);
  });

  it('lets another try when a probe found out nothing', () => {
    const { allows, enter } = gate();
    enter(0).failed('gone', 0);
    enter(0).unknown();
    expect(allows(16, 60_000)).toBe(1);
  });

  it('says nothing of one failure, though it lets fewer through for a moment', () => {
    const { allows, enter, told } = gate();
    enter(0).failed('a hiccup', 10);
    expect(allows(16, 10)).toBe(0);
    enter(400).answered(410);
    expect(allows(16, 410)).toBe(16);
    expect(told).toEqual([]);
  });

  it('tells at once that nobody was answered for long', () => {
    const { enter, told } = gate();
    enter(0).failed('deadline', 5_000);
    expect(told).toEqual(['away: deadline']);
  });

  it('does not tell the same trouble again and again when an answer comes now and then', () => {
    const { enter, told } = gate();
    const fail = (now: number) => {
      for (let i = 0; i < 3; i += 1) enter(now).failed('gone', now);
    };
    fail(0);
    for (let now = 1_000; now < 5_000; now += 1_000) {
      enter(now).answered(now);
      fail(now + 100);
    }
    expect(told).toEqual(['away: gone', 'back 1000']);
    // It stays away.
    fail(10_000);
    enter(11_000).answered(11_000);
    expect(told).toEqual(['away: gone', 'back 1000', 'away: gone', 'back 6900']);
  });
});
