import type { DeliveryDiff, Differences } from '../../server/api/contract.js';
import { field } from './field.js';
import { harmless, paint } from './paint.js';

/** Formats how a delivery differs from the one before it of its kind. */
export function diffLines({ with: other, because, headers, body }: DeliveryDiff): string[] {
  const compared = other && `${other.id}, received ${new Date(other.receivedAt).toISOString()}`;
  return [
    ...(compared ? [field('Compared', `with ${compared}`)] : []),
    ...(because ? [field('No diff', harmless(because))] : []),
    ...(body ? differenceLines('Body', body) : []),
    ...(headers ? differenceLines('Headers', headers) : []),
  ];
}

/** Formats what differs between two values, under a line that says of what. */
export function differenceLines(title: string, { shown, more = 0, isCut }: Differences): string[] {
  if (shown.length === 0 && !isCut) return [`${title}: the same`];
  return [
    `${title} differs in`,
    ...shown.map(({ path, before, after }) => {
      const at = harmless(path === '' ? 'all of it' : path);
      if (before === undefined) return `  ${paint('green', `+ ${at}: ${harmless(after ?? '')}`)}`;
      if (after === undefined) return `  ${paint('red', `- ${at}: ${harmless(before)}`)}`;
      return `  ~ ${at}: ${harmless(before)} → ${harmless(after)}`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(isCut ? ['  (only the beginnings were compared: there are too many values)'] : []),
  ];
}
