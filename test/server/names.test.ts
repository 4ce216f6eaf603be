import { describe, expect, it } from 'vitest';
import { link, plain } from '../../src/events/markdown.js';
import { deliveryId } from '../../src/intake/delivery-id.js';
import { keptHeaders } from '../../src/intake/kept-headers.js';
import { plainWithin } from '../../src/runs/page.js';
import { workflowIdFor } from '../../src/runs/workflow-id.js';

describe('a delivery id', () => {
  it('is the same each time, and another for another source or key', () => {
    expect(deliveryId('github', 'k')).toMatch(/^d[0-9a-f]{24}$/);
    expect(deliveryId('github', 'k')).toBe(deliveryId('github', 'k'));
    expect(new Set([deliveryId('a', 'bc'), deliveryId('ab', 'c'), deliveryId('a', 'b')]).size).toBe(3);
  });
});

describe('a run id', () => {
  it('names automation, source and delivery', () => {
    expect(workflowIdFor({ automation: 'ci', source: 'github', key: '7-1' })).toBe('ci/github/7-1');
  });

  it('of more than 255 bytes keeps its beginning, and stays one of its own', () => {
    const ids = ['x', 'y'].map((end) =>
      workflowIdFor({ automation: 'ä'.repeat(120), source: 'github', key: `${'k'.repeat(190)}${end}` }),
    );
    for (const id of ids) {
      expect(Buffer.byteLength(id)).toBeLessThanOrEqual(255);
      expect(id).toMatch(/^ä+.*~[0-9a-f]{32}$/);
      expect(id).not.toContain('\ufffd');
    }
    expect(new Set(ids).size).toBe(2);
  });
});

describe('stored headers', () => {
  it('hold nothing that may be secret', () => {
    const secrets = {
      authorization: 'Bearer x',
      cookie: 'x',
      'proxy-authorization': 'x',
      'x-hub-signature': 'x',
      'x-hub-signature-256': 'x',
      'x-gitlab-token': 'x',
      'x-api-key': 'x',
      'webhook-signature': 'x',
      'x-my-secret': 'x',
      'x-password': 'x',
    };
    expect(new Set(Object.values(keptHeaders(secrets)))).toEqual(new Set(['[redacted]']));
    expect(keptHeaders({ 'x-github-event': 'push' })).toEqual({ 'x-github-event': 'push' });
  });

  it('are bounded in number and size', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'v'.repeat(9_000)]));
    expect(JSON.stringify(keptHeaders(many)).length).toBeLessThan(80_000);
  });
});

describe('Markdown of payload text', () => {
  it.each([
    ['[a](https://evil.example)', '\\[a\\]\\(https\\://evil.example\\)'],
    ['<img src=x onerror=y>', '&lt;img src=x onerror=y&gt;'],
    ['a\nb\u0000\u2028c', 'a b c'],
    ['`x` *y* _z_', '\\`x\\` \\*y\\* \\_z\\_'],
    ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
  ])('%j shows as it is', (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  it('links to web addresses only', () => {
    expect(link('a', 'javascript:alert(1)')).toBe('a');
    expect(link('a', 'not a url')).toBe('a');
    expect(link('a', undefined)).toBe('a');
    expect(link('a', 'https://x.example/a)b(c')).toBe('[a](https://x.example/a%29b%28c)');
  });

  it('is cut without cutting an escape or a character', () => {
    for (let bytes = 0; bytes < 40; bytes += 1) {
      const cut = plainWithin('😀[[<ä&*'.repeat(4), bytes);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
      expect(cut).not.toMatch(/(^|[^\\])(\\\\)*\\$|&\w*$|\ufffd/);
    }
  });
});
