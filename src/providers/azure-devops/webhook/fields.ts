import { z } from 'zod';
import type { Repository, Sender } from '../../../events/event.js';
import { refName, text } from '../../shapes.js';
import type { Normalised, ProviderContext } from '../../webhook-scheme.js';

/** `organisation` is the source's URL: `https://dev.azure.com/<organisation>`, or a server's collection. */
export type OrganisationContext = ProviderContext & { readonly organisation: string };

/**
 * Names may hold blanks and letters of any language.
 * Source: https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions
 */
export const name = z.string().regex(/^(?!\.{1,2}$)[^\p{Cc}\p{Cs}\\/:*?"<>|;#${},+=[\]]{1,64}$/u);

export const repositorySchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  name,
  defaultBranch: refName.nullish(),
  project: z.object({ name, visibility: z.string().nullish() }),
});

type Read = z.output<typeof repositorySchema>;

/** `project/repository`, as they are called: nothing is escaped here. */
export function fullNameOf({ project, name }: Pick<Read, 'project' | 'name'>): string {
  return `${project.name}/${name}`;
}

/** The page of a repository, and the address that it is cloned from. */
export function pageOf(organisation: string, { project, name }: Read): string {
  return `${organisation}/${encodeURIComponent(project.name)}/_git/${encodeURIComponent(name)}`;
}

export function toRepository(organisation: string, repository: Read): Repository {
  return {
    id: repository.id,
    fullName: fullNameOf(repository),
    url: pageOf(organisation, repository),
    ...(repository.defaultBranch && { defaultBranch: branchOf(repository.defaultBranch) }),
    // Often `unchanged`, which says nothing.
    private: repository.project.visibility !== 'public',
  };
}

export function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

export const identitySchema = z.object({
  displayName: text(200).nullish(),
  uniqueName: text(200).nullish(),
  descriptor: text(300).nullish(),
  id: z
    .string()
    .regex(/^[\w.@-]{1,100}$/)
    .nullish()
    .catch(undefined),
});

export type Identity = z.output<typeof identitySchema>;

/** Pipelines act as `Build\<collection>`, an identity of the services themselves. */
export function toSender(identity: Identity | null | undefined): Sender {
  return {
    login: identity?.uniqueName || identity?.displayName || 'ghost',
    ...(identity?.id && { id: identity.id }),
    bot: /^(?:Build|Service)\\/.test(identity?.uniqueName ?? '') || /^svc\./.test(identity?.descriptor ?? ''),
  };
}

/** A hook may be set to send little of what happened, and then there is nothing to go by. */
export function lacking(what: string): Normalised & { readonly ignored: string } {
  return { ignored: `the payload lacks ${what}: set "Resource details to send" to All in the service hook` };
}
