import { automations } from './automations.mjs';

/** In the order in which they are run. */
export const parts = {
  automations: { about: 'h. 200 automations against 1', run: automations },
};
