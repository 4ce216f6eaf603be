import type { RequestHandler } from 'express';
import type { Config } from '../config/config.js';
import { issuerDocument, keySet } from '../identity/documents.js';
import { createTokenKeys, PUBLISHED_SECONDS } from '../identity/token-keys.js';
import { sendJson } from './http/send-json.js';

/** What relying parties ask the issuer of ID tokens for. Anybody may: both hold only what is public. */
export interface IssuerRoutes {
  readonly document: RequestHandler;
  readonly keys: RequestHandler;
}

/** Returns what answers relying parties; undefined where no ID tokens are issued. */
export function createIssuerRoutes({
  publicUrl,
  idTokens,
}: Pick<Config['server'], 'publicUrl' | 'idTokens'>): IssuerRoutes | undefined {
  if (!idTokens || publicUrl === undefined) return undefined;
  const keys = createTokenKeys(idTokens.keys);
  const document = issuerDocument(publicUrl);
  const headers = { 'cache-control': `public, max-age=${PUBLISHED_SECONDS}` };
  return {
    document: (req, res) => sendJson(req, res, { status: 200, headers, body: document }),
    keys: (req, res) => sendJson(req, res, { status: 200, headers, body: keySet(keys.published()) }),
  };
}
