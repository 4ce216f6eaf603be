import { z } from 'zod';
import { inAnyCase, isSameRepository } from '../../events/repository-name.js';
import { textOfBody } from './edit/body-text.js';

/** How Bitbucket Data Center and Azure DevOps call a repository: no text of theirs holds its whole name. */
const inParts = z.object({
  slug: z.string().optional(),
  name: z.string().optional(),
  project: z.object({ key: z.string().optional(), name: z.string().optional() }),
});

/**
 * Returns whether a body names a repository, `owner/name`, in any case: as one text, also in a form's field `payload` and
 * with a slash that JSON escapes, or by its project and its own name.
 */
export function bodyNames(repository: string, body: Buffer, contentType?: string): boolean {
  const text = textOfBody(body, contentType)?.text ?? body.toString();
  return isIn(text.replaceAll('\\/', '/'), repository) || isInParts(text, repository);
}

function isIn(text: string, name: string): boolean {
  return inAnyCase(JSON.stringify(name)).test(text);
}

function isInParts(text: string, repository: string): boolean {
  // Most bodies need not be parsed.
  if (!text.includes('"project"') || !repository.split('/').every((part) => isIn(text, part))) return false;
  let isFound = false;
  const look = (key: string, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('project' in value)) return value;
    const { slug, name, project } = inParts.safeParse(value).data ?? {};
    // Others in a project, as its pipelines, have a name too.
    const names = [slug && `${project?.key}/${slug}`, key === 'repository' && name && `${project?.name}/${name}`];
    isFound ||= names.some((each) => each && isSameRepository(each, repository));
    return value;
  };
  try {
    JSON.parse(text, look);
  } catch {
    // It is no JSON, or nested too deeply.
  }
  return isFound;
}
