import { uuid4 } from '@temporalio/workflow';
import type { ApprovalLink, ApprovalLinks } from '../../activities/contract/index.js';

/** Module state: the workflow sandbox gives each run its own. */
const links = new Map<string, ApprovalLink>();

/**
 * Returns what stands in a message for a link that carries an answer. Nobody can guess it: what a payload says becomes no link.
 */
export function placeOfLink(link: ApprovalLink): string {
  const place = `approval-link-${uuid4()}`;
  links.set(place, link);
  return place;
}

/** Returns the links that a message's text has a place for. */
export function linksIn(text: string): { readonly links?: ApprovalLinks } {
  const used = [...links].filter(([place]) => text.includes(place));
  return used.length > 0 ? { links: Object.fromEntries(used) } : {};
}
