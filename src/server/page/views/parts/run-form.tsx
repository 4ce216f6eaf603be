import type { ShownInput } from '../../../api/contract.js';
import { useAround } from '../../context.js';
import { Once } from './button.js';
import { Section } from './section.js';

/** Starts an automation with inputs. What is left empty is not given, so that its default counts. */
export function RunForm(props: { readonly automation: string; readonly inputs: readonly ShownInput[] }) {
  const { base, visitor } = useAround();
  if (visitor?.role !== 'operator') return null;
  const { automation, inputs } = props;
  return (
    <Section id="run" title="Run now">
      <form class="approval" method="post" action={`${base}/automations/run`}>
        <input type="hidden" name="name" value={automation} />
        <Once />
        {inputs.map((input) => (
          <label key={input.name} for={fieldOf(input)}>
            <span>
              {input.name}
              {input.optional && ', if you like'}
              {hasDefault(input) && ' (empty: its default)'}
              {input.description !== undefined && `: ${input.description}`}
            </span>
            <Field input={input} />
          </label>
        ))}
        <p class="buttons">
          <button type="submit" class="main" aria-keyshortcuts="r">
            Run now
          </button>
        </p>
      </form>
    </Section>
  );
}

/** In characters. */
const MAX_TEXT = 10_000;

/** A default of several lines: a field of one would drop where they end. */
function Lines({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <textarea id={name} name={name} rows={4} maxLength={MAX_TEXT} autocomplete="off">
      {/* Browsers leave out the first end of a line. */}
      {`\n${value}`}
    </textarea>
  );
}

/** As the action takes it. */
function fieldOf({ name }: ShownInput): string {
  return `input-${name}`;
}

/** Returns whether a field that is emptied has a default: a choice can't be. */
function hasDefault({ type, default: otherwise }: ShownInput): boolean {
  return (type === 'string' || type === 'number') && otherwise !== undefined && otherwise !== '';
}

function Field({ input }: { readonly input: ShownInput }) {
  const { type, default: otherwise, optional } = input;
  const name = fieldOf(input);
  const required = !optional && otherwise === undefined;
  const value = otherwise === undefined ? undefined : String(otherwise);
  const choices = type === 'boolean' ? ['true', 'false'] : type === 'choice' ? (input.choices ?? []) : undefined;
  if (type === 'number')
    return <input type="number" step="any" id={name} name={name} required={required} value={value} />;
  if (!choices && value?.includes('\n')) return <Lines name={name} value={value} />;
  if (!choices)
    return <input id={name} name={name} required={required} value={value} maxLength={MAX_TEXT} autocomplete="off" />;
  return (
    <select id={name} name={name} required={required}>
      {value === undefined && <option value="">{optional ? 'not given' : 'choose'}</option>}
      {choices.map((choice) => (
        <option key={choice} value={choice} selected={choice === value}>
          {choice}
        </option>
      ))}
    </select>
  );
}
