import * as config from '../../../src/config/index.js';
import * as kit from '../../../src/workflows/kit/index.js';

/** Options that the pages show without what is around them: of the configuration, of an automation, of a job. */
const OF_CONFIGURATION = /^(server|sources|storage|jobs): /;
const OF_AUTOMATION = /^concurrency: /;
const OF_JOB = /^(checkout|steps): /;

/**
 * Returns a module that holds a part of one as the pages show it: options, a source, steps, or statements of an automation's
 * function. A module, which imports the package, is returned as it is.
 */
export function wholeModule(code: string): string {
  if (/^import .* from 'hookyard\b/m.test(code)) return code;
  const part = code.replace(/^(\s*\/\/.*\n)+/, '').trim();
  if (OF_CONFIGURATION.test(part)) return configuration(part.startsWith('sources:') ? part : `sources: {},\n${part}`);
  if (/^\w+: \{\s*kind: /.test(part)) return configuration(`sources: {\n${part}\n}`);
  if (OF_AUTOMATION.test(part)) return automation({ options: part });
  if (OF_JOB.test(part)) return automation({ body: job(part.startsWith('steps:') ? part : `steps: [],\n${part}`) });
  if (part.startsWith('{')) return automation({ body: job(`steps: [\n${part.replaceAll(/\}$/gm, '},')}\n]`) });
  return automation({ body: part });
}

function configuration(options: string): string {
  return importing(config, 'hookyard/config', `export default defineConfig({\n${options}\n});\n`);
}

function automation({ options = '', body = '' }: { readonly options?: string; readonly body?: string }): string {
  const code = `export const shown = automation({ on: push(),\n${options}\n}, async (event) => {\n${body}\n});\n`;
  return importing(kit, 'hookyard/workflow', code);
}

function job(options: string): string {
  return `await runJob(event, { name: 'job',\n${options}\n});`;
}

/** Imports what the code calls. */
function importing(names: object, from: string, code: string): string {
  const called = Object.keys(names).filter((name) => new RegExp(`\\b${name}\\(`).test(code));
  return `import { ${called.join(', ')} } from '${from}';\n\n${code}`;
}
