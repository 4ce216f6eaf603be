import { get } from 'node:http';
import { median } from './figures.mjs';

/** Asks for a path as a browser does, over a connection of its own: milliseconds to the first byte and to the last, and the text, but of plain text. */
export function timedGet(port, path, headers = {}) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = { host: '127.0.0.1', port, path, headers: { accept: 'text/html', ...headers }, agent: false };
    const req = get(asked, async (res) => {
      const firstMs = performance.now() - began;
      const isLong = String(res.headers['content-type']).startsWith('text/plain');
      let [text, bytes] = ['', 0];
      for await (const chunk of res) {
        bytes += chunk.length;
        if (!isLong) text += chunk;
      }
      if (res.statusCode !== 200) return reject(new Error(`${path} was answered with ${res.statusCode}: ${text}`));
      resolve({ firstMs, allMs: performance.now() - began, bytes, text });
    });
    req.once('error', reject);
  });
}

/** Asks several times; `ms` and `slowestMs` are until the first byte. `pause` is waited for before each time. */
export async function timedGets(port, path, { rounds, pause }) {
  const times = [];
  let last;
  for (let round = 0; round < rounds; round++) {
    await pause?.();
    last = await timedGet(port, path);
    times.push(last.firstMs);
  }
  return { ms: median(times), slowestMs: Math.max(...times), text: last.text, allMs: last.allMs };
}
