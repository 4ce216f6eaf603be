import { request as httpRequest } from 'node:http';
import type { Receiver } from '../../support/harness/receiver.js';
import { API_TOKEN } from '../../support/harness/receiver-config.js';

export interface Answered {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

export interface AskedFor {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly form?: Record<string, string>;
}

/** Asks as a browser, or as a proxy in front of one, does: `fetch` sets headers of its own. */
export function ask(
  { url }: Pick<Receiver, 'url'>,
  path: string,
  { method = 'GET', headers = {}, form }: AskedFor = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const body = form && new URLSearchParams(form).toString();
    const sent = {
      accept: 'text/html,application/xhtml+xml',
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    };
    const req = httpRequest(`${url}${path}`, { method, headers: sent, agent: false }, async (res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of res) chunks.push(chunk);
      resolve({ status: res.statusCode ?? 0, headers: res.headers, text: Buffer.concat(chunks).toString() });
    });
    req.once('error', reject).end(body);
  });
}

/** What a browser says of a form of the page itself. */
export const OWN = { 'sec-fetch-site': 'same-origin' };

/** Asks the API. */
export async function askApi(receiver: Pick<Receiver, 'url'>, path: string): Promise<unknown> {
  const { text } = await ask(receiver, path, { headers: { authorization: `Bearer ${API_TOKEN}` } });
  return JSON.parse(text);
}
