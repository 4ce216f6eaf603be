import type { Repository } from '../../events/event.js';
import { ProviderError } from '../../providers/error.js';
import type { StateApi } from '../../providers/state-api.js';
import { notConfigured } from '../failures.js';
import type { ReconcileDeps } from './deps.js';
import { allNames, noteName, presentName, readKnown } from './known-repositories.js';

type Deps = Pick<ReconcileDeps, 'providers' | 'store'>;

/** A repository under a name that it has, or had once. */
export interface Named {
  readonly source: string;
  readonly name: string;
}

/** A repository as its provider has it now. */
export interface PresentRepository {
  readonly about: Repository;
  /** The calls about its state, under its present name. */
  readonly state: StateApi;
  /** All names that it is known to have had. */
  readonly names: readonly string[];
}

/**
 * Opens the state of a repository that may have been renamed or transferred since it was called `name`: by what
 * deliveries told since, by where the provider's redirect leads, or by its id. The new name is kept. Rejects as the call
 * about the repository does, where nothing leads to it.
 */
export async function presentRepository(
  deps: Deps,
  { source, name }: Named,
  acquire: () => Promise<void>,
): Promise<PresentRepository> {
  const { providers, store } = deps;
  const stateOf = async (fullName: string) => {
    const state = (await providers.repository(source, fullName))?.state;
    if (!state) throw notConfigured(`source ${source} has no API credentials, or is not reconciled by state`);
    return state;
  };
  const ask = async (fullName: string) => {
    const state = await stateOf(fullName);
    await acquire();
    return { state, about: await state.about() };
  };

  const known = await readKnown(store.records, source);
  const id = known?.ids.get(name)?.id;
  const first = presentName(known, name);
  const nameNow = async () => {
    if (id !== undefined) await acquire();
    return nameById(deps, { source, id });
  };
  let found = await ask(first).catch(async (error: unknown) => {
    const now = isElsewhere(error) ? await nameNow() : undefined;
    if (now === undefined || now === first) throw error;
    return ask(now);
  });
  if (id !== undefined && found.about.id !== id) {
    // Another repository has this name now, unless this one was made anew.
    const now = await nameNow();
    if (now !== undefined && now !== found.about.fullName) found = await ask(now);
  }
  const { about } = found;
  if (id !== about.id || first !== about.fullName)
    await noteName(store.records, source, { id: about.id, name: about.fullName, before: name });
  return {
    about,
    // A redirect on each call would double them.
    state: about.fullName === first ? found.state : await stateOf(about.fullName),
    names: allNames(await readKnown(store.records, source), name),
  };
}

/**
 * Returns what a repository is called now that was not found under `name`, and keeps that. Undefined if its id is not
 * known, or the provider knows no other name. `error`: what its call threw.
 */
export async function newNameOf(deps: Deps, { source, name }: Named, error: unknown): Promise<string | undefined> {
  if (!isElsewhere(error)) return undefined;
  const { records } = deps.store;
  const id = (await readKnown(records, source))?.ids.get(name)?.id;
  const now = await nameById(deps, { source, id });
  if (id === undefined || now === undefined || now === name) return undefined;
  await noteName(records, source, { id, name: now, before: name });
  return now;
}

async function nameById(
  { providers }: Pick<Deps, 'providers'>,
  { source, id }: { source: string; id: string | undefined },
): Promise<string | undefined> {
  if (id === undefined) return undefined;
  return (await providers.source(source))?.nameOf?.(id);
}

/** Whether a call failed as it does for a name that nothing has, or that has moved. */
function isElsewhere(error: unknown): boolean {
  if (!(error instanceof ProviderError) || error.status === undefined) return false;
  return [404, 405, 410].includes(error.status) || (error.status >= 300 && error.status < 400);
}
