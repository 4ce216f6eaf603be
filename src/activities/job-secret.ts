import { asyncLocalStorage } from '@temporalio/activity';
import type { Config } from '../config/config.js';
import { Secret } from '../secrets/secret.js';
import { surelyIncluded } from '../triggers/glob.js';
import { notConfigured, refused } from './failures.js';

/** Which secret somebody's code names, and where: the option is what messages begin with. */
export interface NamedSecret {
  readonly name: string;
  readonly option: string;
}

/**
 * Returns a secret of the configuration that an automation's code names. Throws `NotConfigured` where there is none, and `Refused` where
 * it is for other automations. What is no activity, `hookyard shell` for example, is whoever may read the configuration anyway.
 */
export function jobSecret({ secrets }: Pick<Config, 'secrets'>, { name, option }: NamedSecret): Secret {
  const found = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
  const { from, automations } = found instanceof Secret ? { from: found } : { automations: undefined, ...found };
  refuseOthers({ name, option }, automations);
  if (from instanceof Secret) return from;
  throw notConfigured(`${option}: the secret "${name}" is not set: add secrets.${name} to hookyard.config.ts`);
}

function refuseOthers({ name, option }: NamedSecret, automations: readonly string[] | undefined): void {
  const automation = asyncLocalStorage.getStore()?.info.workflowType;
  if (automations === undefined || automation === undefined || surelyIncluded(automation, automations)) return;
  throw refused(
    `${option}: the secret "${name}" is for the automations ${automations.join(', ')}, and not for "${automation}": add it to secrets.${name}.automations in hookyard.config.ts if it is to have it`,
  );
}
