import { z } from 'zod';
import type { Config } from '../../../config/config.js';
import { ISSUER_PATH } from '../../../identity/documents.js';
import { createTokenKeys } from '../../../identity/token-keys.js';
import { fine, problem, type Remark } from '../../../server/api/findings/finding.js';
import { UserError } from '../../user-error.js';
import { request } from '../request.js';

const documentSchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const keysSchema = z.object({ keys: z.array(z.object({ kid: z.string() })) });

/** How often the keys are asked for. */
const ASKED = 8;

/** Asks for what relying parties of ID tokens ask for, where they would; returns nothing where no ID tokens are issued. */
export async function issuerFindings({ server }: Pick<Config, 'server'>): Promise<readonly Remark[]> {
  const { publicUrl, idTokens } = server;
  if (!idTokens || publicUrl === undefined) return [];
  const url = `${publicUrl}${ISSUER_PATH}`;
  const document = await read(url, documentSchema);
  if (typeof document === 'string')
    return [
      problem(
        `nobody can verify ID tokens: ${url} ${document}`,
        'start the server with this configuration, and have the proxy in front of it pass /.well-known/ on',
      ),
    ];
  if (document.issuer !== publicUrl)
    return [
      problem(
        `nobody accepts ID tokens: ${url} is the document of ${document.issuer}`,
        'set the same server.publicUrl for servers and workers',
      ),
    ];
  // At the same time, so that several servers behind one address answer.
  const answers = await Promise.all(Array.from({ length: ASKED }, () => read(document.jwks_uri, keysSchema)));
  const lists: string[][] = [];
  for (const answer of answers) {
    if (typeof answer === 'string')
      return [problem(`nobody can verify ID tokens: ${document.jwks_uri} ${answer}`, 'have the proxy pass it on')];
    lists.push(answer.keys.map(({ kid }) => kid).sort());
  }
  const different = new Set(lists.map((ids) => ids.join()));
  if (different.size > 1)
    return [
      problem(
        `many ID tokens are refused: of ${ASKED} answers, ${document.jwks_uri} gave ${different.size} different lists of keys, as servers do that each have made a key of their own`,
        'give all servers and workers the same keys: server.idTokens.keys, or HOOKYARD_ID_TOKEN_KEY; just after a key was replaced, look again in five minutes',
      ),
    ];
  const [ids = []] = lists;
  const isHere = idTokens.keys.length > 0;
  if (isHere && !ids.includes(createTokenKeys(idTokens.keys).signing(Date.now()).id))
    return [
      problem(
        `the ID tokens that workers here sign are refused: ${document.jwks_uri} does not have their key`,
        'give servers and workers the same keys: server.idTokens.keys, or HOOKYARD_ID_TOKEN_KEY',
      ),
    ];
  return [fine(`ID tokens can be verified at ${publicUrl}`)];
}

/** Returns what an address answers, or why that is of no use, in words that follow the address. */
async function read<T>(url: string, schema: z.ZodType<T>): Promise<T | string> {
  try {
    const { status, json } = await request(url, { method: 'GET' });
    const body = status === 200 ? schema.safeParse(json) : undefined;
    return body?.success ? body.data : `answers ${status}, and not as an issuer does`;
  } catch (error) {
    if (error instanceof UserError) return 'does not answer in JSON, or not at all';
    throw error;
  }
}
