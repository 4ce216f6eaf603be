import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { RUN_OUTCOMES } from '../../../../src/events/event.js';
import type { ListedRun, Project } from '../../../../src/server/api/contract.js';
import { atomFeed } from '../../../../src/server/page/feeds/atom.js';
import { badgeImage } from '../../../../src/server/page/feeds/badge-image.js';
import { ccXml } from '../../../../src/server/page/feeds/cc-xml.js';
import { textWidth } from '../../../../src/server/page/feeds/text-width.js';
import { element, xmlDocument } from '../../../../src/server/page/feeds/xml.js';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Reads a document as a strict parser does, which throws for what is not well-formed. */
function read(xml: string): Element[] {
  const found: Element[] = [];
  const open: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => open.push({ name, attributes: { ...attributes }, text: '' }));
  parser.on('text', (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on('closetag', () => found.push(open.pop() as Element));
  parser.write(xml).close();
  return found;
}

const named = (xml: string, name: string) => read(xml).filter((one) => one.name === name);

const run: ListedRun = {
  ...{ run: 'ci/github/1', runId: '01a21a6c-0482-7969-845e-341458594539', automation: 'ci', status: 'completed' },
  ...{ outcome: 'passed', repository: 'acme/shop', branch: 'main', commit: '1234567890' },
  ...{ startedAt: '2026-11-26T12:00:00.000Z', endedAt: '2026-11-26T12:00:42.000Z' },
};
const feed = {
  ...{ title: 'ci', self: 'https://hooks.example/automations/ci/feed.atom' },
  ...{ page: 'https://hooks.example/automations/ci', urlOf: (id: string) => `https://hooks.example/runs/${id}` },
};
const projectOf = (more: Partial<Project> = {}): Project => ({
  ...{ name: 'ci acme/shop main', automation: 'ci', building: false, latest: run, last: run },
  ...more,
});
const urlOf = feed.urlOf;

const HOSTILE = [
  ...['<script>alert(1)</script>', '"><svg onload=alert(1)>', "' onload='x", ']]>', '&lt;', '<!--', '<?php', '&#x1;'],
  ...['\u0000\u0001\u001b[31m\u007f\u0085', '\ud800', '\udfff', '\ufffe\uffff', '\u202eabc', '😀', 'é\u0301', '日本語'],
];
/** Words with something hostile between them, and whatever else there may be. */
const anything = fc.oneof(
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 6 })
    .map((all) => all.join('')),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
);

describe('XML', () => {
  test('an element holds any text and any attribute as it is, but for what XML can not hold', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const held = text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '');
        const [one, ...more] = read(xmlDocument(element('a', { b: text }, text)));
        expect(more).toEqual([]);
        expect(one).toEqual({ name: 'a', attributes: { b: held }, text: held });
      }),
    );
  });
});

describe('a badge', () => {
  test('says a name and how it stands, to those who see it and those who hear it', () => {
    const image = badgeImage('ci', 'passed');
    expect(named(image, 'text').map(({ text }) => text)).toEqual(['ci', 'passed']);
    expect(named(image, 'title')[0]?.text).toBe('ci: passed');
    expect(named(image, 'svg')[0]?.attributes).toMatchObject({ role: 'img', 'aria-label': 'ci: passed' });
  });

  test('is small, whatever it is about, and has one colour for each outcome', () => {
    for (const outcome of [...RUN_OUTCOMES, 'unknown' as const])
      expect(badgeImage('n'.repeat(1_000), outcome).length).toBeLessThan(1_500);
    const colour = (outcome: 'passed' | 'failed' | 'unknown') =>
      named(badgeImage('ci', outcome), 'path')[0]?.attributes.fill;
    expect(new Set([colour('passed'), colour('failed'), colour('unknown')]).size).toBe(3);
  });

  test('is as wide as its texts are, which are stretched to their fields in any font', () => {
    const widths = ['ci', 'il', 'WWW', '日本語', 'a name that is long'].map((name) => {
      const image = badgeImage(name, 'passed');
      const [label, word] = named(image, 'text').map(({ attributes }) => attributes);
      expect(Number(label?.textLength)).toBe(textWidth(name));
      expect(Number(word?.x)).toBeGreaterThanOrEqual(Number(label?.x) + Number(label?.textLength));
      const width = Number(named(image, 'svg')[0]?.attributes.width);
      expect(width).toBeGreaterThan(Number(word?.x) + Number(word?.textLength));
      return width;
    });
    expect(widths[1]).toBeLessThan(widths[2] ?? 0);
    expect(widths[3]).toBeGreaterThan(widths[0] ?? 0);
  });

  test('holds no markup and no control character of a name, and is an image whatever the name', () => {
    fc.assert(
      fc.property(anything, (name) => {
        const image = badgeImage(name, 'failed');
        expect(read(image).map((one) => one.name)).toEqual(['title', 'rect', 'path', 'text', 'text', 'g', 'svg']);
        expect(image).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        const width = Number(named(image, 'svg')[0]?.attributes.width);
        expect(width).toBeLessThan(800);
      }),
    );
  });
});

describe('cc.xml', () => {
  test('tells how each project stands, as build monitors read it', () => {
    const failed: ListedRun = { ...run, run: 'ci/github/2', outcome: 'failed' };
    const broken: ListedRun = { ...run, run: 'ci/github/3', outcome: 'error' };
    const { commit: _, ...bare } = run;
    const all = [
      projectOf(),
      projectOf({ building: true, latest: { ...run, run: 'ci/github/9' }, last: failed }),
      projectOf({ last: broken }),
      { name: 'new', automation: 'new', building: true, latest: bare },
    ];
    const projects = named(ccXml(all, urlOf), 'Project').map(({ attributes }) => attributes);
    expect(projects[0]).toEqual({
      ...{ name: 'ci acme/shop main', activity: 'Sleeping', lastBuildStatus: 'Success', lastBuildLabel: '1234567' },
      ...{ lastBuildTime: run.endedAt, webUrl: 'https://hooks.example/runs/ci/github/1' },
    });
    expect(projects[1]).toMatchObject({
      activity: 'Building',
      lastBuildStatus: 'Failure',
      webUrl: urlOf('ci/github/2'),
    });
    expect(projects[2]).toMatchObject({ lastBuildStatus: 'Exception' });
    expect(projects[3]).toMatchObject({
      lastBuildStatus: 'Unknown',
      lastBuildLabel: '01a21a6c',
      lastBuildTime: run.startedAt,
    });
  });

  test('is one list, whatever projects are called', () => {
    fc.assert(
      fc.property(anything, (name) => {
        const projects = read(ccXml([projectOf({ name }), projectOf()], urlOf));
        expect(projects.map((one) => one.name)).toEqual(['Project', 'Project', 'Projects']);
      }),
    );
    expect(read(ccXml([], urlOf)).map((one) => one.name)).toEqual(['Projects']);
  });
});

describe('an Atom feed', () => {
  test('has what RFC 4287 asks for, and an id of each run that stays', () => {
    const failed: ListedRun = {
      ...run,
      runId: '01a21a6c-0482-7969-845e-34145859453a',
      outcome: 'failed',
      pullRequest: 7,
    };
    const xml = atomFeed({ ...feed, runs: [run, failed] });
    const all = read(xml);
    expect(all.filter(({ name }) => name === 'id').map(({ text }) => text)).toEqual([
      feed.self,
      `urn:uuid:${run.runId}`,
      `urn:uuid:${failed.runId}`,
    ]);
    const titles = all.filter(({ name }) => name === 'title').map(({ text }) => text);
    expect(titles).toEqual([
      'ci',
      'ci · passed · acme/shop main 1234567',
      'ci · failed · acme/shop pull request 7 1234567',
    ]);
    expect(all.filter(({ name }) => name === 'updated').map(({ text }) => text)).toEqual([
      run.endedAt,
      run.endedAt,
      run.endedAt,
    ]);
    const links = all
      .filter(({ name }) => name === 'link')
      .map(({ attributes }) => `${attributes.rel} ${attributes.href}`);
    expect(links).toEqual([
      `self ${feed.self}`,
      `alternate ${feed.page}`,
      `alternate ${urlOf(run.run)}`,
      `alternate ${urlOf(failed.run)}`,
    ]);
    expect(all.find(({ name }) => name === 'feed')?.attributes.xmlns).toBe('http://www.w3.org/2005/Atom');
    expect(all.filter(({ name }) => name === 'author')).toHaveLength(1);
    expect(named(xml, 'summary')[0]?.text).toContain('It took 42 s.');
  });

  test('is a feed too where nothing has run yet', () => {
    const all = read(atomFeed({ ...feed, runs: [] }));
    expect(all.find(({ name }) => name === 'updated')?.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(all.some(({ name }) => name === 'entry')).toBe(false);
  });

  test('holds no markup of what branches and repositories are called', () => {
    fc.assert(
      fc.property(anything, anything, (branch, repository) => {
        const all = read(atomFeed({ ...feed, title: branch, runs: [{ ...run, branch, repository }] }));
        expect(all.filter(({ name }) => name === 'entry')).toHaveLength(1);
        expect(new Set(all.map(({ name }) => name))).toEqual(
          new Set([
            'id',
            'title',
            'updated',
            'name',
            'author',
            'link',
            'published',
            'category',
            'summary',
            'entry',
            'feed',
          ]),
        );
      }),
    );
  });
});
