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
      const shape = issue.inst instanceof z.ZodObject ? issue.inst.shape : {};
      return issue.keys.map((key) => `there is no option "${key}"${meantBy(key, shape)}`).join('; ');
    }
    case 'invalid_union': {
      const kinds = optionsOf(issue);
      if (kinds.length === 0) return undefined;
      const { [String(issue.discriminator)]: given } = input as Record<string, unknown>;
      const meant = typeof given === 'string' ? didYouMean(given, kinds) : undefined;
      if (meant !== undefined) return `there is no "${given}"${meant}`;
      return `${given === undefined ? 'it is missing' : `there is no ${JSON.stringify(given)}`}: give one of ${kinds.join(', ')}`;
    }
    case 'invalid_key':
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

/** Returns the end of a sentence about an unknown option: where one of that name is, or one whose name is nearly that. */
function meantBy(key: string, shape: z.core.$ZodShape): string {
  const below = Object.keys(shape).find((name) => Object.hasOwn(shapeOf(shape[name]), key));
  return below === undefined ? (didYouMean(key, Object.keys(shape)) ?? '') : `; did you mean "${below}.${key}"?`;
}

/** Returns the options of what may have a default or be left out; none where it has no options of its own. */
function shapeOf(schema: z.core.$ZodType | undefined): z.core.$ZodShape {
  if (schema instanceof z.ZodObject) return schema.shape;
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
    ? shapeOf(schema.def.innerType)
    : {};
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
