import type { Source } from '../../config/config.js';
import { github } from './github/index.js';
import type { SourceKind } from './source-kind.js';

/** The providers that can be received from, by the `kind` of a configured source. */
export const sourceKinds: { readonly [K in Source['kind']]: SourceKind } = { github };
