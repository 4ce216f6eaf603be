import { sleep } from '@temporalio/workflow';
import { mergeGroup } from '../../triggers/index.js';
import { service } from '../run/activities.js';
import { automation } from '../run/automation.js';

/** Deliveries come in any order: that of the group itself may come just after. */
const MOMENT = '5 seconds';

/** Cancels the runs of a merge group that is destroyed: nobody waits for its checks any more. */
export const hookyardMergeGroups = automation(
  { on: mergeGroup({ actions: ['destroyed'], own: true }) },
  async (event) => {
    const { source, repository, ref, commit, reason = 'destroyed' } = event;
    const because = `its merge group was ${reason}`;
    const group = { source, repositoryId: repository.id, ref, sha: commit.sha, because };
    await service.endMergeGroup(group);
    await sleep(MOMENT);
    await service.endMergeGroup(group);
  },
);
