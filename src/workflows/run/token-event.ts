import { isIdToken } from '../../activities/contract/id-token.js';
import type { TokenEvent, VariableValue } from '../../activities/contract/index.js';
import type { HookyardEvent } from '../../events/event.js';
import type { BuildableEvent } from '../kit/buildable-event.js';
import { runEvent } from './run-event.js';

/** Returns what ID tokens say of the run that builds `built`; nothing where no environment of the job asks for one. */
export function tokenEventFor(
  environments: readonly (Readonly<Record<string, VariableValue>> | undefined)[],
  built: BuildableEvent,
): { readonly tokenEvent?: TokenEvent } {
  if (!environments.some((env) => Object.values(env ?? {}).some(isIdToken))) return {};
  const { repository } = built;
  const about = runEvent() ?? built;
  return {
    tokenEvent: {
      name: about.kind,
      ...('id' in repository && { repositoryId: repository.id }),
      ...((isEdited(built) || isEdited(about)) && { edited: true }),
    },
  };
}

/** Returns whether somebody has edited the payload that an event was read from, or that with which its chain of runs began. */
function isEdited(event: HookyardEvent | BuildableEvent): boolean {
  return event.kind === 'chained' ? isEdited(event.event) : 'edited' in event && event.edited !== undefined;
}
