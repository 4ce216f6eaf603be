/** Collection of what operators have done, beside the synced records, where automations can't write. */
export const OPERATOR_ACTS = 'hookyard.operator-acts';
