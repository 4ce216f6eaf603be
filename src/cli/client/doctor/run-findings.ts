import { PROVIDERS } from '../../../providers/index.js';
import type { GitSource } from '../../../providers/source.js';
import { problem, type Remark } from '../../../server/api/findings/finding.js';
import type { DeliveryRecord } from '../../../store/store.js';
import { UserError } from '../../user-error.js';
import type { Api } from '../api.js';

/** How many of the last deliveries that started runs are looked at. */
const NEWEST = 5;

/** What lacks no rights is written later. */
const REFUSED = /^Status .* answered (?:401|403|404) /;

/** Says what the last runs of a source could not report to its provider. `newest`: its deliveries, newest first. */
export async function runFindings(
  api: Pick<Api, 'delivery'>,
  { name, source, newest }: { name: string; source: GitSource; newest: readonly DeliveryRecord[] },
): Promise<Remark[]> {
  const started = newest.filter(({ dispatches }) => dispatches?.length > 0).slice(0, NEWEST);
  const shown = await Promise.all(
    started.map(({ id }) =>
      api.delivery(id, { source: name }).catch((error: unknown) => {
        // Retention may just have taken it away.
        if (error instanceof UserError) return undefined;
        throw error;
      }),
    ),
  );
  const troubles = shown.flatMap((delivery) => delivery?.dispatches.flatMap(({ run }) => run.troubles ?? []) ?? []);
  const refused = [...new Set(troubles.filter((trouble) => REFUSED.test(trouble)))];
  const { statuses } = PROVIDERS[source.kind].facts.rights;
  return refused.map((trouble) =>
    problem(`one of its last runs could not report: ${trouble}`, `the credentials need ${statuses}`),
  );
}
