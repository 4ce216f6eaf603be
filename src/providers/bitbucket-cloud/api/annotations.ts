import { truncate } from '../../../events/truncate.js';
import type { Annotation, RepositoryApi } from '../../api.js';
import { checkedSha } from '../../names.js';
import type { CloudRepository } from './repository.js';
import { keyOf } from './statuses.js';

/** Bitbucket's limits: of one request, and of one report. */
const AT_ONCE = 100;
const MOST = 1_000;
/** In characters. */
const MAX = { title: 450, summary: 450, details: 2_000 } as const;

const SEVERITIES = { error: 'HIGH', warning: 'MEDIUM', notice: 'LOW' } as const;

/**
 * Returns the call that shows problems as annotations of a report. The report of an earlier try is replaced.
 * Source: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/
 */
export function cloudAnnotate({ connection, path }: CloudRepository): NonNullable<RepositoryApi['annotate']> {
  return async ({ sha, context, title, targetUrl, annotations }) => {
    const report = `${path}/commit/${checkedSha(sha)}/reports/${keyOf(context)}`;
    await connection.send({ method: 'DELETE', path: report, accept: [404] });
    if (annotations.length === 0) return;
    const body = {
      ...{ title: truncate(`${context}: problems`, MAX.title), details: truncate(title, MAX.details) },
      ...{ report_type: 'TEST', reporter: 'Hookyard' },
      ...(targetUrl && { link: targetUrl }),
    };
    await connection.send({ method: 'PUT', path: report, body });
    const all = annotations
      .slice(0, MOST)
      .map((annotation, index) => toCloud(annotation, `${keyOf(context)}-${index}`));
    for (let from = 0; from < all.length; from += AT_ONCE)
      await connection.send({ method: 'POST', path: `${report}/annotations`, body: all.slice(from, from + AT_ONCE) });
  };
}

function toCloud({ file, line, severity, title, message }: Annotation, externalId: string): Record<string, unknown> {
  return {
    external_id: externalId,
    annotation_type: 'BUG',
    severity: SEVERITIES[severity],
    path: file,
    line,
    summary: truncate(`${title}: ${message.split('\n', 1)[0]}`, MAX.summary),
    details: truncate(message, MAX.details),
  };
}
