/** How the reason begins with which Hookyard terminates a run that takes its worker down. It stands in histories. */
export const SET_ASIDE = 'set aside by Hookyard';
