import type { InputValue } from '../events/event.js';
import { refuse, TriggerError } from './options.js';

/** Declares an input of a `manual` trigger: its type, or an object with more details. */
export type InputSpec = InputType | InputDetails;
/** A list of words allows just those. */
export type InputType = 'string' | 'number' | 'boolean' | readonly string[];

/** An input's type, and what else there is to say of it. */
export interface InputDetails {
  readonly type: InputType;
  /** Used when no value is given. */
  readonly default?: InputValue;
  /** May be left out without a default. */
  readonly optional?: boolean;
  readonly description?: string;
}

/** The inputs of a trigger, by name. */
export type InputSpecs = Readonly<Record<string, InputSpec>>;

type ValueOfType<T> = T extends 'string'
  ? string
  : T extends 'number'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends readonly (infer W)[]
        ? W
        : never;

type ValueOf<S> = S extends { readonly type: infer T; readonly optional: true }
  ? ValueOfType<T> | undefined
  : S extends { readonly type: infer T }
    ? ValueOfType<T>
    : ValueOfType<S>;

/** The inputs that an automation's function gets, by its trigger's declarations. */
export type InputsOf<S extends InputSpecs> = { readonly [K in keyof S]: ValueOf<S[K]> };

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,49}$/;
const DETAILS = ['type', 'default', 'optional', 'description'];
const MAX_INPUTS = 50;
const MAX_TEXT = 10_000;

/** Checks the declarations of inputs. Throws {@link TriggerError}. */
export function checkInputSpecs(specs: InputSpecs): void {
  const wrong = (name: string, because: string) => refuse(new TriggerError(`manual(): the input "${name}" ${because}`));
  if (Object.keys(specs).length > MAX_INPUTS) refuse(new TriggerError(`manual(): at most ${MAX_INPUTS} inputs`));
  for (const [name, spec] of Object.entries(specs)) {
    if (!NAME.test(name)) wrong(name, 'must have a name of letters, digits, _ and -, beginning with a letter');
    const { type, default: otherwise } = detailsOf(spec);
    const stranger = Object.keys(detailsOf(spec)).find((key) => !DETAILS.includes(key));
    if (stranger) wrong(name, `has ${JSON.stringify(stranger)}, and may have ${DETAILS.join(', ')}`);
    const isFine = Array.isArray(type)
      ? type.length > 0 && type.every((word) => typeof word === 'string' && word !== '')
      : ['string', 'number', 'boolean'].includes(type as string);
    if (!isFine) wrong(name, "must be 'string', 'number', 'boolean', a list of words, or { type: one of these, … }");
    else if (otherwise !== undefined && typeof read(type, otherwise) === 'object')
      wrong(name, `has the default ${JSON.stringify(otherwise)}, which is not ${shown(type)}`);
  }
}

/**
 * Reads the values given for a trigger's inputs: typed, or as text from a command line. Returns them with defaults
 * filled in, or all that is wrong with them in words.
 */
export function readInputs(
  specs: InputSpecs,
  given: Readonly<Record<string, unknown>>,
): { inputs: Record<string, InputValue> } | { problems: string[] } {
  const problems = Object.keys(given)
    .filter((name) => !Object.hasOwn(specs, name))
    .map((name) => `there is no input "${name}"${Object.keys(specs).length > 0 ? `; it has ${listed(specs)}` : ''}`);
  const inputs: Record<string, InputValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const { type, default: otherwise, optional } = detailsOf(spec);
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) {
      if (otherwise !== undefined) inputs[name] = otherwise;
      else if (!optional) problems.push(`the input "${name}" is missing: give ${shown(type)}`);
      continue;
    }
    const result = read(type, value);
    if (typeof result === 'object') problems.push(`the input "${name}" must be ${shown(type)}`);
    else inputs[name] = result;
  }
  return problems.length > 0 ? { problems } : { inputs };
}

/** Returns what is declared of an input, also where its type is all that is said. */
export function detailsOf(spec: InputSpec): InputDetails {
  return typeof spec === 'object' && spec !== null && !Array.isArray(spec)
    ? (spec as InputDetails)
    : { type: spec as InputType };
}

/** Returns the value, or an object where it is not of this type. */
function read(type: InputType, value: unknown): InputValue | { wrong: true } {
  if (Array.isArray(type)) return type.includes(value) ? (value as string) : { wrong: true };
  switch (type) {
    case 'string':
      return typeof value === 'string' && value.length <= MAX_TEXT ? value : { wrong: true };
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) ? number : { wrong: true };
    }
    default:
      if (typeof value === 'boolean') return value;
      return value === 'true' ? true : value === 'false' ? false : { wrong: true };
  }
}

function shown(type: InputType): string {
  if (Array.isArray(type)) return `one of ${type.join(', ')}`;
  return type === 'string' ? 'text' : type === 'number' ? 'a number' : 'true or false';
}

function listed(specs: InputSpecs): string {
  return Object.keys(specs).join(', ');
}
