import { runPath } from './run-path.js';

/** Where runs are shown, as the configuration says it. */
export interface Pages {
  readonly server: { readonly publicUrl?: string | undefined };
  readonly temporal: { readonly uiUrl?: string | undefined };
}

/**
 * Returns the URL that people are sent to who want to know what became of a run: Hookyard's own page where its public address is
 * known (`server.publicUrl`), else what the Temporal UI shows of the run. `''` where neither is configured.
 */
export function storyUrl(
  { server, temporal }: Pages,
  run: { namespace: string; workflowId: string; runId?: string | undefined },
): string {
  if (server.publicUrl) return `${server.publicUrl.replace(/\/+$/, '')}${runPath(run.workflowId)}`;
  const page = runUrl(temporal.uiUrl, run);
  return page && run.runId ? `${page}/user-metadata` : page;
}

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

/** Returns the URL of the list of an installation's runs in the Temporal UI at `uiUrl`. */
export function runsUrl(uiUrl: string, { namespace, taskQueue }: { namespace: string; taskQueue: string }): string {
  return `${workflowsUrl(uiUrl, namespace)}?query=${encodeURIComponent(`TaskQueue="${taskQueue}"`)}`;
}

function workflowsUrl(uiUrl: string, namespace: string): string {
  return `${uiUrl.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows`;
}
