import { CatalogError, loadCatalog } from '../../../catalog/load.js';
import type { Config } from '../../../config/config.js';
import type { ConfigReading } from '../../../config/load.js';
import { fine, problem, type Remark, warn } from '../../../server/api/findings/finding.js';
import type { Automation } from '../../../triggers/automation.js';
import { counted } from '../../format/counted.js';
import { configuredNames } from '../../processes/configured-names.js';
import { endpointFindings } from './endpoint-findings.js';

/** Says what is wrong with the configuration, and what a person should know of it. */
export function configurationFindings({ config, problems, what }: ConfigReading): Remark[] {
  const warnings = [
    ...(config?.warnings ?? []).map((says) => warn(says)),
    ...endpointFindings(config?.endpoints ?? {}),
  ];
  if (problems.length + warnings.length === 0) return [fine(`${what} can be used`)];
  return [...problems.map((says) => problem(says)), ...warnings];
}

/** Loads the automations, and says what is wrong with them and what the configuration lacks for them. */
export async function automationFindings(
  config: Config,
): Promise<{ automations?: readonly Automation[]; remarks: Remark[] }> {
  const { automations: folder } = config;
  try {
    const { automations, warnings } = await loadCatalog(folder, configuredNames(config));
    const own = automations.filter(({ builtIn }) => !builtIn).length;
    return {
      automations,
      remarks: [fine(`${counted(own, 'automation')} in ${folder}`), ...warnings.map((says) => warn(says))],
    };
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return { remarks: [...error.problems.map((says) => problem(says)), ...error.warnings.map((says) => warn(says))] };
  }
}
