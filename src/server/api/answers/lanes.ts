import { changeLane, listLanes, moveInLane } from '../lanes.js';
import { lanesQuery } from '../queries/lanes.js';
import { readQuery } from '../query.js';
import { whoOf } from './acts.js';
import type { SharedDeps } from './deps.js';
import type { AnswerRequest, ChangeRequest } from './request.js';

/** Returns what is answered about lanes. */
export function laneAnswers({ acts, store, wake }: Pick<SharedDeps, 'acts' | 'store' | 'wake'>) {
  const deps = { lanes: store.lanes, wake };
  return {
    lanes({ query }: AnswerRequest) {
      return listLanes(deps, readQuery(lanesQuery, query));
    },
    changeLane({ body, ...who }: ChangeRequest) {
      const changed = changeLane(deps, body);
      return acts.recorded(whoOf(who, body), changed, ({ mode, title }) => ({ act: `lane ${mode}`, on: title }));
    },
    async moveInLane({ body, ...who }: ChangeRequest) {
      const answer = await moveInLane(deps, body);
      await acts.record({ ...whoOf(who, body), act: 'move ahead in its lane', on: answer.run });
      return answer;
    },
  };
}
