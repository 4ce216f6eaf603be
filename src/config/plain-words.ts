import { z } from 'zod';
import { didYouMean } from '../triggers/did-you-mean.js';

/**
 * Says for whoever writes a configuration what zod finds wrong with it: what is missing, and which option or kind was
 * probably meant. Undefined where zod's own words will do.
 */
export function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case 'invalid_type':
      if (Number.isNaN(input)) return 'it must be a number';
      return input === undefined ? 'it is missing, and has no default' : undefined;
    case 'unrecognized_keys': {
      const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
      return issue.keys.map((key) => `there is no option "${key}"${didYouMean(key, known) ?? ''}`).join('; ');
    }
    case 'invalid_union': {
      const kinds = optionsOf(issue);
      if (kinds.length === 0) return undefined;
      const { [String(issue.discriminator)]: given } = input as Record<string, unknown>;
      const meant = typeof given === 'string' ? didYouMean(given, kinds) : undefined;
      if (meant !== undefined) return `there is no "${given}"${meant}`;
      return `${given === undefined ? 'it is missing' : `there is no ${JSON.stringify(given)}`}: give one of ${kinds.join(', ')}`;
    }
    default:
      return undefined;
  }
}

/** Returns the values that tell the members of a union apart. */
function optionsOf({ options }: z.core.$ZodRawIssue): readonly string[] {
  return Array.isArray(options) ? options.map(String) : [];
}

/** Returns the path of an option as the configuration's file would name it: `sources.github.secrets[0]`. */
export function optionAt(path: readonly PropertyKey[]): string {
  const parts = path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`));
  return parts.join('') || '(top level)';
}
