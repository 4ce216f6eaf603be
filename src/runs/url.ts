/**
 * Returns the URL of a run's page in the Temporal UI at `uiUrl`: without `runId` that of the newest run of its workflow
 * id. `''` where no UI is configured (`temporal.uiUrl`).
 */
export function runUrl(
  uiUrl: string | undefined,
  { namespace, workflowId, runId }: { namespace: string; workflowId: string; runId?: string | undefined },
): string {
  if (!uiUrl) return '';
  const run = [workflowId, ...(runId ? [runId] : [])].map(encodeURIComponent);
  return [workflowsUrl(uiUrl, namespace), ...run].join('/');
}

/**
 * Returns the URL of the page that tells a run's story: its summary, its steps, and the end of a failed job's output. The
 * page that {@link runUrl} leads to shows Temporal's events. `''` where no UI is configured.
 */
export function storyUrl(
  uiUrl: string | undefined,
  run: { namespace: string; workflowId: string; runId: string },
): string {
  const page = runUrl(uiUrl, run);
  return page && `${page}/user-metadata`;
}

/** Returns the URL of the list of an installation's runs in the Temporal UI at `uiUrl`. */
export function runsUrl(uiUrl: string, { namespace, taskQueue }: { namespace: string; taskQueue: string }): string {
  return `${workflowsUrl(uiUrl, namespace)}?query=${encodeURIComponent(`TaskQueue="${taskQueue}"`)}`;
}

function workflowsUrl(uiUrl: string, namespace: string): string {
  return `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
