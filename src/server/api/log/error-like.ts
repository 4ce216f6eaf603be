/** Texts of which lines that read like an error hold one: a store finds lines by these, and {@link isErrorLike} looks closer. */
export const ERROR_TEXTS = ['error', 'exception', 'fail', 'fatal', 'not ok', 'panic', 'traceback', '✗', '✕', '✖'];

const ERROR =
  /(?:^|[^\w-])(?:\w*(?:Error|Exception|Panic)|error|ERROR|ERR!|fatal|FATAL|panic|PANIC|FAIL|FAILED|FAILURE|failed|[Ff]ailure|Traceback)(?![\w-]|\s*[=(]\s*0\b)|^\s*not ok\b|[✗✕✖]/;
const NONE = /\b(?:0|no|without) (?:errors?|failures?|failed|failing)\b|\b(?:errors?|failures?|failed):? +0\b/i;
/** A file, a line and what is wrong there; or a test that failed. */
const MARKED =
  /[\w.)\]]+[:(]\d+(?:[:,]\d+)?\)?:? +(?:- )?(?:fatal )?error\b|^\s*not ok\b|^(?:---|\s*) ?FAIL(?:ED)?:? |##\[error\]|::error\b/;

/** Returns whether a line reads like an error. Colours are no part of it. */
export function isErrorLike(text: string): boolean {
  const plain = withoutCodes(text);
  return ERROR.test(plain) && !NONE.test(plain);
}

/** Returns whether a line names a failing test, or a place and what is wrong there. */
export function isMarked(text: string): boolean {
  return MARKED.test(withoutCodes(text)) && isErrorLike(text);
}

function withoutCodes(text: string): string {
  return text.includes('\u001b') ? text.replace(/\p{Cc}\[[\d;:]*[A-Za-z]/gu, '') : text;
}
