import { InvalidArgumentError, Option } from 'commander';
import { msOf } from '../../server/api/length-of-time.js';
import { TIMES, timeOf } from '../../server/api/point-in-time.js';

/** `--url`, of commands that ask a server. */
export const urlOption = new Option(
  '--url <url>',
  'address of the server, whose API token is in HOOKYARD_API_TOKEN; default: the one that runs here',
);

/** `--json`, of commands that print one thing. */
export const jsonOption = new Option('--json', 'print JSON');

/** What both options give. */
export interface ServerOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** Returns what reads an option that takes a whole number. */
export function wholeNumber({ least, most }: { least: number; most: number }): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It takes a whole number from ${least} to ${most}.`);
  };
}

/** Reads an option that takes a length of time, `30m`, `12h`, `3d`, or 0. Returns milliseconds. */
export function lengthOfTime(text: string): number {
  const ms = text === '0' ? 0 : msOf(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('It takes 0, or a number from 1 to 9999 and s, m, h or d: 30m, 12h, 3d.');
}

/** Reads an option that takes a point in time: a date, or a length of time that lies between it and now. Returns Unix ms. */
export function pointInTime(text: string): number {
  const time = timeOf(text, { zone: 'here' });
  if (time === undefined) throw new InvalidArgumentError(`It takes ${TIMES}.`);
  return time;
}

/** Returns what reads an option that takes a text of some form, which `says` describes. */
export function textLike(form: RegExp, says: string): (text: string) => string {
  return (text) => {
    if (form.test(text)) return text;
    throw new InvalidArgumentError(`It takes ${says}.`);
  };
}
