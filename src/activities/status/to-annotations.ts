import type { Annotation } from '../../providers/api.js';
import type { Problem } from '../contract/index.js';

/** Returns problems as providers show them, without those that are at no line of a file of the repository. */
export function toAnnotations(problems: readonly Problem[]): readonly Annotation[] {
  return problems.filter(isInside).map(toAnnotation);
}

/** Whether a problem is at a line of a file of the repository: what a worker told is looked at once more. */
function isInside({ file, line }: Problem): boolean {
  const parts = file.split('/');
  const isPath = file.length <= 500 && !file.includes('\0') && !parts.some((part) => ['', '.', '..'].includes(part));
  return isPath && Number.isSafeInteger(line) && line > 0;
}

function toAnnotation({ severity, file, line, column, message, code, by }: Problem): Annotation {
  const title = [by, code].filter((each) => each !== undefined).join(' ') || severity;
  return { severity, file, line, message, title, ...(column !== undefined && { column }) };
}
