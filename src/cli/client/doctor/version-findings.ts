import type { SourceApi } from '../../../providers/api.js';
import { ProviderError } from '../../../providers/error.js';
import { fine, type Remark, warn } from '../../../server/api/findings/finding.js';

/** Says which version a self-hosted provider has, and what that lacks. What keeps it from being asked is told with the account. */
export async function versionFindings(api: () => Promise<SourceApi | undefined>): Promise<Remark[]> {
  try {
    const found = await (await api())?.version?.();
    if (!found) return [];
    const { version, lacks } = found;
    if (lacks.length === 0) return [fine(`its server has version ${version}`)];
    return lacks.map((lack) => warn(`its server has version ${version}: ${lack}`, 'update the server'));
  } catch (error) {
    if (error instanceof ProviderError) return [];
    throw error;
  }
}
