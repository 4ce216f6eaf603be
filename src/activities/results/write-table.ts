import { Context } from '@temporalio/activity';
import type { Config } from '../../config/config.js';
import { link } from '../../events/markdown.js';
import { storyUrl } from '../../runs/url.js';
import type { Activities } from '../contract/index.js';
import type { ActivityDeps } from '../deps.js';

/** Which run has written the table of an automation on a pull request: a collection that automations can't write to. Stored: the name stays. */
export const TABLES = 'hookyard.tables';

/**
 * Returns the activity that keeps one comment of an automation on a pull request, edited only when its text changes, with a link
 * to the run. An older run writes nothing over a newer one.
 */
export function createWriteTable(
  { config, store }: Pick<ActivityDeps, 'config' | 'store'>,
  { writeComment }: Pick<Activities, 'writeComment'>,
): Activities['writeTable'] {
  return async function writeTable({ source, repository, repositoryId, number, automation, body, order }) {
    const key = `${source}#${repositoryId}#${number}#${automation}`;
    const data = { source, repository };
    const claimed = await store.records.upsert({ collection: TABLES, key, version: order, data });
    if (claimed === 'older') return { written: false, because: 'a newer run has written there' };
    const page = pageOf(config);
    const text = page === '' ? body : `${body}\n\n${link('The run', page)}`;
    const result = await writeComment({ source, repository, number, body: text, sticky: `${automation}/.table` });
    return result.written ? { written: true } : result;
  };
}

function pageOf(config: Config): string {
  const { namespace, workflowExecution } = Context.current().info;
  return workflowExecution ? storyUrl(config, { namespace, ...workflowExecution }) : '';
}
