import type { Config } from '../config/config.js';

/** The run's page in the Temporal UI, or `''` when `temporal.uiUrl` is not configured. */
export function runUrl(config: Config, run: { namespace: string; workflowId: string; runId: string }): string {
  const base = config.temporal.uiUrl?.replace(/\/$/, '');
  if (!base) return '';
  return `${base}/namespaces/${encodeURIComponent(run.namespace)}/workflows/${encodeURIComponent(run.workflowId)}/${run.runId}`;
}
