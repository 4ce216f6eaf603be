/** Texts of which lines that read like an error hold one: a store finds lines by these, and {@link isErrorLike} looks closer. */
export const ERROR_TEXTS = ['error', 'exception', 'fail', 'fatal', 'not ok', 'panic', 'traceback', '✗', '✕', '✖'];

/** In characters: what a line says at its beginning tells what it is, and a page judges hundreds of them. */
const JUDGED = 2_000;
// No part of these patterns may be tried at each character for as long as the line is: a job prints what it likes.
const ERROR =
  /(?:^|[^\w-])(?:\w*(?:Error|Exception|Panic)|error|ERROR|ERR!|fatal|FATAL|panic|PANIC|FAIL|FAILED|FAILURE|failed|[Ff]ailure|Traceback)(?![\w-]|\s*[=(]\s*0\b)|^\s*not ok\b|[✗✕✖]/;
const NONE = /\b(?:0|no|without) (?:errors?|failures?|failed|failing)\b|\b(?:errors?|failures?|failed):? +0\b/i;
/** The end of a file's name, a line and what is wrong there; or a test that failed. */
const MARKED =
  /[\w.)\]][:(]\d+(?:[:,]\d+)?\)?:? +(?:- )?(?:fatal )?error\b|^\s*not ok\b|^(?:---|\s*) ?FAIL(?:ED)?:? |##\[error\]|::error\b/;

/** Returns whether a line reads like an error, by its first 2,000 characters. Colours are no part of it. */
export function isErrorLike(text: string): boolean {
  const plain = judged(text);
  return ERROR.test(plain) && !NONE.test(plain);
}

/** Returns whether a line names a failing test, or a place and what is wrong there. */
export function isMarked(text: string): boolean {
  return MARKED.test(judged(text)) && isErrorLike(text);
}

function judged(text: string): string {
  const begin = text.slice(0, JUDGED);
  return begin.includes('\u001b') ? begin.replace(/\p{Cc}\[[\d;:]*[A-Za-z]/gu, '') : begin;
}
