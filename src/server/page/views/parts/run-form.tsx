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

/** As the action takes it. */
function fieldOf({ name }: ShownInput): string {
  return `input-${name}`;
}

function Field({ input }: { readonly input: ShownInput }) {
  const { type, default: otherwise, optional } = input;
  const name = fieldOf(input);
  const required = !optional && otherwise === undefined;
  const value = otherwise === undefined ? undefined : String(otherwise);
  const choices = type === 'boolean' ? ['true', 'false'] : type === 'choice' ? (input.choices ?? []) : undefined;
  if (!choices)
    return type === 'number' ? (
      <input type="number" step="any" id={name} name={name} required={required} value={value} />
    ) : (
      <input id={name} name={name} required={required} value={value} maxLength={10_000} autocomplete="off" />
    );
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
