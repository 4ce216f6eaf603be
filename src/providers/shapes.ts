import { z } from 'zod';
import { isCommitName, isRefName, isSha } from '../events/git-names.js';
import { skipMarkerIn } from '../events/skip-marker.js';
import { cutToLength } from '../events/truncate.js';

/**
 * Fields that payloads and API answers share. Schemas name only the fields that are used: a schema of a whole payload
 * would cost a third of the receiver's throughput, and would refuse what a provider adds tomorrow.
 */

/**
 * Returns the schema of a text that is cut where it is too long, and not refused: a long title must not lose a
 * delivery.
 */
export const text = (longest: number) => z.string().transform((value) => cutToLength(value, longest));

const MAX_MESSAGE = 2_000;
const MAX_MESSAGE_END = 500;

/** A commit's message. Of a long one the beginning is read, the last lines, where trailers stand, and what asks to be skipped. */
export const commitMessage = z.string().transform((message) => {
  if (message.length <= MAX_MESSAGE) return message;
  const end = message.slice(-MAX_MESSAGE_END);
  const lines = end.includes('\n') ? end.slice(end.indexOf('\n')) : '';
  const read = cutBefore(lines, message);
  const marker = skipMarkerIn(message);
  return marker === undefined || skipMarkerIn(read) !== undefined ? read : cutBefore(`\n${marker}${lines}`, message);
});

function cutBefore(end: string, message: string): string {
  return `${cutToLength(message, MAX_MESSAGE - end.length)}${end}`;
}

const MAX_LINK = 2_000;

/** The address of a page. */
export const link = text(MAX_LINK);

/** Returns the address of a page below another, or that of the other where the whole would be longer than a link may be. */
export function linkBelow(page: string, path: string): string {
  const whole = `${page}/${path}`;
  return whole.length <= MAX_LINK ? whole : page;
}

/** A whole object name: SHA-1 or SHA-256. */
export const sha = z.string().refine(isSha);

/** A whole object name, or its first 12 digits. */
export const commitName = z.string().refine(isCommitName);

/** Marks what a schema says of a name that is a text, but none that a provider or git allows. */
export const REFUSED_NAME = { params: { refusedName: true } } as const;

/** A name of a certain form. */
export const nameLike = (form: RegExp) => z.string().refine((name) => form.test(name), REFUSED_NAME);

/** A ref that git allows, whole or short. */
export const refName = z.string().refine(isRefName, REFUSED_NAME);

/** A branch that is not needed: a name that git would refuse is left out, and does not lose the delivery. */
export const branchName = refName.nullish().catch(undefined);

/**
 * A number as a string. Those that are too large to be exact come as strings in payloads, as bigints in GitHub's
 * answers.
 */
export const id = z.union([z.int(), z.bigint(), z.string().regex(/^\d{1,30}$/)]).transform(String);

/** The number of a pull request or an issue, which some senders write as a text. */
export const issueNumber = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .transform(Number),
]);

/** A time that is not needed, as ISO 8601: one in another form is left out, and does not lose the delivery. */
export const optionalTime = z.iso.datetime({ offset: true }).nullish().catch(undefined);

/** A title of a pull request or an issue; empty where none is told, since nothing needs it. */
export const title = text(500)
  .nullish()
  .transform((value) => value ?? '');

const MAX_LABELS = 100;
/** GitLab allows as many characters. */
const MAX_LABEL = 255;

/** The first 100 labels of a pull request by their names, which stand in the field `name`. Those without one are left out. */
export const labelsBy = (name: 'name' | 'title') =>
  z
    .array(
      z
        .object({ [name]: text(MAX_LABEL) })
        .nullish()
        .catch(undefined),
    )
    .nullish()
    .transform((labels) => (labels ?? []).slice(0, MAX_LABELS).flatMap((label) => label?.[name] ?? []));

/** `owner/name`, neither of which is `.` or `..`. */
export const fullName = nameLike(/^(?!\.{1,2}\/)[\w.-]{1,100}\/(?!\.{1,2}$)[\w.-]{1,100}$/);
