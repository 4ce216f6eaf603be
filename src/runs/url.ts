/**
 * Returns the URL of a run's page in the Temporal UI at `uiUrl`: without `runId` that of the newest run of its workflow
 * id. `''` where no UI is configured (`temporal.uiUrl`).
 */
export function runUrl(
  uiUrl: string | undefined,
  { namespace, workflowId, runId }: { namespace: string; workflowId: string; runId?: string | undefined },
): string {
  if (!uiUrl) return '';
  const parts = ['namespaces', namespace, 'workflows', workflowId, ...(runId ? [runId] : [])];
  return `${uiUrl.replace(/\/$/, '')}/${parts.map(encodeURIComponent).join('/')}`;
}
