import { stopIfUnread } from '../broken-pipe.js';
import type { Api } from '../client/api.js';
import { followRun, hasSucceeded } from '../client/follow-run.js';
import { jsonText } from '../format/control-characters.js';
import { field } from '../format/field.js';
import { firstLine } from '../format/first-line.js';
import { harmless, print } from '../format/paint.js';

/**
 * Prints the output of a run's jobs until it has ended, then why it failed, if it did; with `json`, only the state that it
 * ended in. The exit code is 0 if it has succeeded: see {@link hasSucceeded}. Ends early once nobody reads the output.
 */
export async function follow(api: Api, run: string, { json }: { json?: boolean | undefined }): Promise<void> {
  const onLine = (line: string) => {
    if (!json) print(line);
  };
  const ended = await followRun(api, run, { onLine, onPoll: stopIfUnread });
  if (json) print(jsonText({ run, ...ended }));
  else if (ended.error) print(field('Because', harmless(firstLine(ended.error))));
  process.exitCode = hasSucceeded(ended) ? 0 : 1;
}
