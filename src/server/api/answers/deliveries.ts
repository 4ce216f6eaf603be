import type { DeliveriesAnswer } from '../contract.js';
import { listDeliveries, showDelivery } from '../deliveries.js';
import { deliveriesQuery, replayQuery, showDeliveryQuery } from '../queries/deliveries.js';
import { readQuery } from '../query.js';
import { replayDelivery } from '../replay.js';
import { shownRecord } from '../shown-record.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about deliveries. */
export function deliveryAnswers(deps: SharedDeps) {
  const { acts, inTurn, wake } = deps;
  const { inbox } = deps.store;
  return {
    async deliveries({ query }: AnswerRequest): Promise<DeliveriesAnswer> {
      const read = readQuery(deliveriesQuery, query);
      const limited = read.source === undefined ? undefined : deps.refused(read.source);
      const { deliveries, ...page } = await inTurn(() => listDeliveries(inbox, read));
      return { deliveries: deliveries.map(shownRecord), ...page, ...(limited && { limited }) };
    },
    async delivery({ id = '', query }: AnswerRequest) {
      const { source, content, diff } = readQuery(showDeliveryQuery, query);
      const asked = { id, source, withContent: content === 'true', withDiff: diff === 'true' };
      const show = () => showDelivery(deps, inbox, asked);
      const found = await (asked.withDiff ? inTurn(show) : show());
      return found && shownRecord(found);
    },
    replay({ id = '', query, ...who }: ChangeRequest) {
      const { source, automation, once } = readQuery(replayQuery, query);
      const again = replayDelivery({ inbox, wake }, { id, source }, { automation, once });
      return acts.recorded(who, again, ({ delivery, runs }) => ({
        ...{ act: 'replay', on: delivery, result: runs.join(', ') },
      }));
    },
  };
}
