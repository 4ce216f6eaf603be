import { execa } from 'execa';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { checkedRef, checkedRepository, checkedSha } from '../../src/activities/git/names.js';
import { headRef } from '../../src/activities/job/resolve-checkout.js';
import { describe as described } from '../../src/events/describe.js';
import type { HookyardEvent } from '../../src/events/event.js';
import { schemeOf } from '../../src/providers/known-sources.js';
import type { GitSource } from '../../src/providers/source.js';
import { eventsOf, MalformedPayload } from '../../src/providers/webhook-scheme.js';
import { detailsOf, summaryOf } from '../../src/runs/page.js';
import { searchAttributesOf } from '../../src/runs/search-attributes.js';
import * as triggers from '../../src/triggers/index.js';
import { completed, cron, manual } from '../../src/triggers/index.js';
import { match } from '../../src/triggers/match.js';
import { expectPromises } from './properties-promises.js';
import { context, type Seed, seedsOf, sentAs } from './properties-seeds.js';
import { HOSTILE, type Spoiled, spoiled } from './properties-spoiling.js';
import { kinds, sourceOf } from './senders.js';

const RUNS = 120;
const prototypes = () =>
  [Object.prototype, Array.prototype, String.prototype, Function.prototype].map((one) => Reflect.ownKeys(one).length);
const before = prototypes();

/** Of each kind of trigger one that asks for much, so that every filter is asked. */
const some = ['main', 'v*', '!*x*', '**/*', '{a,b}*'];
const all: Parameters<typeof match>[0]['on'] = [
  triggers.push({ branches: some, paths: ['src/**'], authors: some, messages: some }),
  triggers.tag({ tags: some }),
  triggers.pullRequest({ branches: some, headBranches: ['**'], titles: ['**'], labels: ['bug'], actions: ['opened'] }),
  triggers.comment({ commands: ['retest', 'deploy'] }),
  triggers.review({ actions: ['approved'], bots: false }),
  triggers.release({ tags: some, prerelease: false }),
  triggers.deployment({ environments: some }),
  triggers.status({ branches: some, names: ['**'] }),
  triggers.generic({ types: ['payment_intent.*'] }),
  cron('0 3 * * *'),
  manual(),
  completed('ci'),
];

const refsForGit = new Set<string>();

describe.each(kinds)('whatever is sent to a source of kind %s', (kind) => {
  const seeds: readonly Seed[] = seedsOf(kind);
  const source = schemeOf(sourceOf(kind));

  /** From bytes to events: none where it is ignored or malformed. */
  const read = ({ event, body }: Spoiled): readonly HookyardEvent[] => {
    try {
      const sent = sentAs(kind, body, event);
      const payload = source.parse(sent);
      source.challenge?.(payload);
      const eventName = source.eventName({ ...sent, payload });
      expect(eventName).toMatch(/^[\x20-\x7e]{1,200}$/);
      expect(source.deliveryKey({ ...sent, payload }) ?? 'none').toMatch(/^[\x20-\x7e]{1,250}$/);
      const answer = source.normalise(payload, eventName, context);
      if ('ignored' in answer) {
        expect(answer.ignored).not.toBe('');
        return [];
      }
      return eventsOf(answer);
    } catch (error) {
      if (error instanceof MalformedPayload) return [];
      throw error;
    }
  };
  /** In every event of spoiled deliveries; of many deliveries, some must still be events. */
  const always = (holds: (event: HookyardEvent) => void, numRuns = RUNS) => {
    let told = 0;
    const property = fc.property(spoiled(seeds), (delivery) => {
      const events = read(delivery);
      if (events.length > 0) told += 1;
      events.slice(0, 5).forEach(holds);
    });
    fc.assert(property, { numRuns });
    expect(told).toBeGreaterThan(numRuns / 10);
  };

  test('an unspoiled payload says what happened', () => {
    const events = seeds.flatMap(({ event, body }) => read({ event, body: Buffer.from(JSON.stringify(body)) }));
    expect(events.length).toBeGreaterThanOrEqual(seeds.length - 1);
    events.forEach(expectPromises);
  });

  test('a payload is an event, several, ignored or malformed, and an event keeps what the vocabulary promises', () => {
    always(expectPromises, 2 * RUNS);
    expect(prototypes()).toEqual(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('an event is shown within bounds, as plain text', () => {
    always((event) => {
      expect(described(event)).toBeTruthy();
      expect(Buffer.byteLength(summaryOf(event))).toBeLessThanOrEqual(200);
      expectPlain(summaryOf(event));
      detailsOf(event).split('\n').forEach(expectPlainLine);
      for (const { value } of searchAttributesOf('ci', event))
        if (typeof value === 'string') expect(Buffer.byteLength(value)).toBeLessThanOrEqual(255);
    });
  });

  test('every trigger answers an event with a sentence', () => {
    always((event) => {
      for (const on of [...all.map((trigger) => [trigger]), all]) {
        const { because } = match({ on }, event);
        expect(because).toMatch(/\S/);
      }
    });
  });

  test('what git would be given of a payload is refused, or a name', () => {
    always((event) => {
      if (event.kind !== 'push' && event.kind !== 'tag' && event.kind !== 'pull_request') return;
      const repository = event.repository.fullName;
      const kind = event.provider as GitSource['kind'];
      const where =
        event.kind === 'pull_request'
          ? headRef(kind, { repository, pullRequest: event.pullRequest })
          : { repository, ref: event.ref };
      const given = [
        () => checkedRepository(where.repository, kind),
        () => checkedSha(event.commit.sha),
        () => checkedRef(where.ref),
      ].map(unlessRefused);
      for (const name of given) expect(name ?? 'refused').not.toMatch(/^-|(^|\/)\.\.(\/|$)|[\p{Cc}]/u);
      if (given[2] && refsForGit.size < 400) refsForGit.add(given[2]);
    });
  });
});

test('refs that pass the check are refs to git too, and those that do not are refused', async () => {
  const made = fc.sample(fc.tuple(fc.constantFrom<string>(...HOSTILE), fc.constantFrom<string>(...HOSTILE)), 300);
  const refs = made.map(([one, two]) => `refs/heads/${one}${two}`);
  const taken = refs.flatMap((ref) => unlessRefused(() => checkedRef(ref)) ?? []);
  expect(taken.length).toBeGreaterThan(10);
  expect(taken.length).toBeLessThan(refs.length);
  expect(await refusedByGit([...new Set(taken)])).toEqual([]);
});

afterAll(async () => {
  // From the events of all kinds above, in one go: a process for each would take minutes.
  expect(await refusedByGit([...refsForGit])).toEqual([]);
});

/** Those of the refs that `git check-ref-format` does not take. */
async function refusedByGit(refs: readonly string[]): Promise<string[]> {
  const script = 'for ref; do git check-ref-format "$ref" || printf "%s\\0" "$ref"; done';
  const { stdout } = await execa('sh', ['-c', script, 'sh', ...refs], { timeout: 50_000 });
  return stdout.split('\0').filter(Boolean);
}

function unlessRefused(check: () => string): string | undefined {
  try {
    return check();
  } catch (error) {
    expect(error).toMatchObject({ type: 'Refused' });
    return undefined;
  }
}

const withoutEscapes = (text: string) => text.replace(/\\[\s\S]/g, '').replace(/&(?:amp|lt|gt);/g, '');

/** Text of a payload: nothing in it means anything to a reader of Markdown. */
function expectPlain(text: string): void {
  expect(withoutEscapes(text)).not.toMatch(
    /[<>[\]()`*_\n\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|:\/\/|www\./u,
  );
}

/** A line of ours: a label, and behind it plain text, a link, or words in backticks that are ours. */
function expectPlainLine(line: string): void {
  const [, label = '', rest = ''] = /^- ([a-z ]+): (.*)$/u.exec(line) ?? [];
  expect(label, line).not.toBe('');
  if (label === 'delivery' || label === 'why it ran') return;
  const link = /^\[((?:\\.|[^\\[\]])*)\]\((https?:\/\/[^\s()<>`\\]+)\)$/u.exec(rest);
  if (link && ['repository', 'pull request', 'commit'].includes(label)) expectPlain(link[1] ?? '');
  else expectPlain(rest);
}
