import { PERMISSIONS } from '../../providers/permission.js';
import { type Approver, approversInWords, type Person, readApprover } from '../../runs/approval.js';
import type { Activities } from '../contract/index.js';
import { notConfigured } from '../failures.js';
import { type CallRepository, cannotCall } from '../pull-requests/call-repository.js';

/**
 * Returns the activity that says whether somebody may approve. Who is named need not be asked about; teams and permissions are the
 * provider's. Throws `NotConfigured` where it can't be asked, `Away` while it does not answer.
 */
export function createMayApprove(call: CallRepository): Activities['mayApprove'] {
  return async function mayApprove({ source, repository, person, by }) {
    const approvers = by.flatMap((entry) => readApprover(entry) ?? []);
    if (approvers.some((approver) => isNamed(approver, person))) return { allowed: true, because: 'named' };
    const refusal = { allowed: false, because: `needed is ${approversInWords(by)}` };
    if (source === undefined || repository === undefined) return refusal;
    const where = { source, repository };
    const { login, id } = person;
    const account = { login, ...(id !== undefined && { id }) };
    for (const approver of approvers) {
      if (approver.kind === 'team') {
        const found = await call(where, (api) => api.isMember?.(account, approver.team));
        if (!found) throw notConfigured(cannotCall(source, 'tell who is in a team: name people, or a permission'));
        if (found.result) return { allowed: true, because: `a member of ${approver.team}` };
      }
      if (approver.kind === 'permission') {
        const found = await call(where, (api) => api.permissionOf?.(account));
        if (!found) throw notConfigured(cannotCall(source, 'tell who may do what: name people'));
        const has = PERMISSIONS.indexOf(found.result) >= PERMISSIONS.indexOf(approver.permission);
        if (has) return { allowed: true, because: `has ${found.result} access` };
      }
    }
    return refusal;
  };
}

function isNamed(approver: Approver, { login, id }: Person): boolean {
  if (approver.kind === 'account') return approver.id === id;
  return approver.kind === 'person' && approver.login.toLowerCase() === login.toLowerCase();
}
