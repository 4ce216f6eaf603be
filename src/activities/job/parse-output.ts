/** In all of one step, in bytes of UTF-8: it is kept in the run's history. */
export const MAX_OUTPUT_BYTES = 64 * 1024;
const MAX_OUTPUTS = 100;

/** What a step wrote to its file of outputs, or why that can't be read. */
export type ParsedOutput =
  | { readonly kind: 'read'; readonly outputs: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly because: string };

/**
 * Reads lines `name=value`, and values of several lines between `name<<END` and a line `END`. Of one name the last counts; names
 * that would be one variable are refused. Says which line is wrong, and never what is in it.
 */
export function parseOutput(text: string): ParsedOutput {
  const outputs = new Map<string, string>();
  /** Of each variable the name that it stands for: looked up, since the file may have ten thousands of lines. */
  const names = new Map<string, string>();
  // Some programs begin each UTF-8 file with a mark.
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const [, name = '', sign, rest = ''] = /^([^=<]*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (sign === undefined) return refused(`line ${at + 1} is neither name=value nor name<<END`);
    if (!/^[A-Za-z_][\w-]{0,99}$/.test(name))
      return refused(`line ${at + 1} does not begin with a name: a letter, then letters, digits, "_" and "-"`);
    let value = rest;
    if (sign === '<<') {
      const end = lines.indexOf(rest, at + 1);
      if (rest === '' || end < 0) return refused(`the value that begins in line ${at + 1} has no end`);
      value = lines.slice(at + 1, end).join('\n');
      at = end;
    }
    const variable = outputVariable(name);
    if ((names.get(variable) ?? name) !== name)
      return refused(`line ${at + 1} has a name that differs from another only by case, "-" and "_"`);
    names.set(variable, name);
    outputs.set(name, value.replaceAll('\0', ''));
    if (outputs.size > MAX_OUTPUTS) return refused(`it has more than ${MAX_OUTPUTS} names`);
  }
  return { kind: 'read', outputs: Object.fromEntries(outputs) };
}

function refused(because: string): ParsedOutput {
  return { kind: 'refused', because };
}

/** Returns the name of the variable by which later steps have an output: `HOOKYARD_OUTPUT_VERSION`. */
export function outputVariable(name: string): string {
  return `HOOKYARD_OUTPUT_${name.toUpperCase().replaceAll('-', '_')}`;
}
