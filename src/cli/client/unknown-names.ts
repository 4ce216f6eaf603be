import { harmless } from '../format/paint.js';
import { UserError } from '../user-error.js';

/** Throws {@link UserError}. */
export function noRun(id: string): never {
  throw new UserError(`There is no run "${harmless(id)}"; npx hookyard runs lists them`);
}

/** Throws {@link UserError}. */
export function tooOld(url: string): never {
  throw new UserError(`The server at ${url} is of an older version, which does not tell this: upgrade it`);
}

/** What the server takes for the beginning of a delivery's id. */
const SHORTEST_BEGINNING = 6;

/** Throws {@link UserError}. */
export function noDelivery(id: string, source?: string): never {
  const short =
    id.length < SHORTEST_BEGINNING ? `, and the beginning of an id has ${SHORTEST_BEGINNING} characters at least` : '';
  const of = source === undefined ? '' : ` of a source "${harmless(source)}"`;
  throw new UserError(`There is no delivery "${harmless(id)}"${of}; npx hookyard deliveries lists them${short}`);
}

/** Throws {@link UserError}. */
export function noAutomation(name: string): never {
  throw new UserError(
    `There is no automation "${harmless(name)}"; npx hookyard automations lists those that the server has loaded`,
  );
}

/** Throws {@link UserError}. */
export function noMessage(id: string): never {
  throw new UserError(`There is no message "${harmless(id)}"; the page lists those that were sent, under /outbound`);
}

/** Throws {@link UserError}. */
export function noLane(name: string): never {
  throw new UserError(
    `There is no lane "${harmless(name)}"; npx hookyard lanes lists those that somebody is in. One that nobody was in yet is held up with --ahead, by the whole name that it will have: <automation> <owner/name> <branch>, for example`,
  );
}

/** Throws {@link UserError}. */
export function noSource(name: string | undefined): never {
  throw new UserError(
    `There is no source "${harmless(name ?? '')}"; npx hookyard doctor lists those that are configured`,
  );
}
