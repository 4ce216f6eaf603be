import { truncate } from '../../../events/truncate.js';
import type { Annotation, RepositoryApi } from '../../api.js';
import { checkedSha } from '../../names.js';
import type { DataCenterRepository } from './repository.js';
import { keyOf } from './statuses.js';

/** Bitbucket keeps no more of one report, and takes so many at once. */
const MOST = 1_000;
/** In characters. */
const MAX = { title: 450, details: 2_000, message: 2_000 } as const;

const SEVERITIES = { error: 'HIGH', warning: 'MEDIUM', notice: 'LOW' } as const;

/**
 * Returns the call that shows problems as annotations of a Code Insights report, which servers since 5.15 have. Those of an earlier
 * try are replaced. Source: https://developer.atlassian.com/server/bitbucket/how-tos/code-insights/
 */
export function dataCenterAnnotate({ connection, path }: DataCenterRepository): NonNullable<RepositoryApi['annotate']> {
  return async ({ sha, context, title, targetUrl, annotations }) => {
    const report = `/insights/latest${path}/commits/${checkedSha(sha)}/reports/${encodeURIComponent(keyOf(context))}`;
    if (annotations.length === 0) {
      await connection.send({ method: 'DELETE', path: report, accept: [404] });
      return;
    }
    const body = {
      ...{ title: truncate(`${context}: problems`, MAX.title), details: truncate(title, MAX.details) },
      reporter: 'Hookyard',
      ...(targetUrl && { link: targetUrl }),
    };
    await connection.send({ method: 'PUT', path: report, body });
    await connection.send({ method: 'DELETE', path: `${report}/annotations` });
    const all = annotations.slice(0, MOST).map((annotation, index) => toDataCenter(annotation, String(index)));
    await connection.send({ method: 'POST', path: `${report}/annotations`, body: { annotations: all } });
  };
}

function toDataCenter(
  { file, line, severity, title, message }: Annotation,
  externalId: string,
): Record<string, unknown> {
  return {
    externalId,
    type: 'BUG',
    severity: SEVERITIES[severity],
    path: file,
    line,
    message: truncate(`${title}: ${message}`, MAX.message),
  };
}
