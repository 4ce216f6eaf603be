import type { DispatchRecord } from '../../store/store.js';

/** Returns in words why Temporal does not know a run, by what has become of its start; undefined: nothing is known of that. */
export function whyNotOpen(state: DispatchRecord['state'] | undefined): string {
  switch (state) {
    case 'pending':
    case 'waiting':
      return 'has not begun yet: ask again once it has';
    case 'superseded':
    case 'refused':
      return 'never begins: npx hookyard explain says why';
    default:
      return 'is not open: Temporal does not know it any more';
  }
}
