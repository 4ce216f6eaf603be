import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { JobKey, LogLine, LogStore } from '../../../store/store.js';
import { HttpError } from '../../http/http-error.js';

const PAGE = 1_000;
/** A connection that takes nothing for so long is closed. */
const IDLE_MS = 60_000;

/**
 * Answers with all lines that a job has written so far, as text: a page at a time, as fast as they are taken. What Hookyard itself says
 * begins with a dot. Throws {@link HttpError} (404) where there is none.
 */
export async function sendLogText(
  res: ServerResponse,
  { logs, key }: { readonly logs: Pick<LogStore, 'read' | 'extent'>; readonly key: JobKey },
): Promise<void> {
  const extent = await logs.extent(key);
  if (!extent) throw new HttpError(404, 'no job of this name has written anything, or it is not kept any more');
  res.writeHead(200, {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${fileName(key)}"`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
  });
  // What a HEAD is answered with is thrown away: nothing is read for it.
  if (res.req.method === 'HEAD') return void res.end();
  res.setTimeout(IDLE_MS, () => res.destroy());
  // Whoever goes away is told nothing, and what fails half-way shows as an answer that was cut.
  await pipeline(Readable.from(pages(), { highWaterMark: 1 }), res).catch(() => res.destroy());

  async function* pages(): AsyncGenerator<string> {
    let after = 0;
    while (extent && after < extent.last) {
      const lines = await logs.read(key, { after, before: extent.last + 1, limit: PAGE });
      const last = lines.at(-1);
      if (!last) return;
      after = last.number;
      yield lines.map(asText).join('');
    }
  }
}

function asText({ stream, text }: LogLine): string {
  return `${stream === 'note' ? '· ' : ''}${text}\n`;
}

function fileName({ workflowId, job }: JobKey): string {
  return `${`${workflowId}-${job}`.replace(/[^\w.-]+/g, '-').slice(-100)}.log`;
}
