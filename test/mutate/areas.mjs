/**
 * What trust hangs on, and the tests that should notice when it changes. The workflows are not here: they run in Temporal's
 * sandbox, which no mutant reaches.
 */
export const AREAS = {
  signatures: {
    mutate: [
      'src/providers/{constant-time,hmac-signature}.ts',
      'src/providers/github/webhook/{verify,form}.ts',
      'src/providers/gitlab/webhook/verify.ts',
      'src/providers/services/{basic,hmac,shopify,slack,standard-webhooks,stripe,timestamp,token}.ts',
      'src/callback-token.ts',
    ],
    tests: [
      'test/callback-token.test.ts',
      'test/providers/{constant-time,readme,sign,strangers}.test.ts',
      'test/providers/*/{webhook,form,rotated,schemes}.test.ts',
      'test/providers/services/*.test.ts',
      'test/server/signature.test.ts',
    ],
  },
  forks: {
    mutate: [
      'src/providers/own-branch.ts',
      'src/triggers/preconditions.ts',
      'src/providers/{github,gitlab}/webhook/{deployment,status}.ts',
      'src/providers/bitbucket-cloud/webhook/status.ts',
      'src/intake/bound-source.ts',
    ],
    tests: [
      'test/providers/{forks,own-branch}.test.ts',
      'test/providers/*/{webhook,status,deployment,events}.test.ts',
      'test/triggers/preconditions.test.ts',
      'test/intake/bound-source.test.ts',
    ],
  },
  commands: {
    mutate: ['src/intake/comments/{blanks,commands-in,hiding-html,quoted-mail,visible-lines}.ts'],
    tests: ['test/intake/comments/{bounds,commands-in,nested-hiding}.test.ts'],
  },
  reviews: {
    mutate: ['src/intake/comments/comments-in.ts', 'src/triggers/kinds/review.ts'],
    tests: [
      'test/intake/comments/review-commands.test.ts',
      'test/triggers/kinds/review.test.ts',
      'test/triggers/{match,pattern-problems,preconditions}.test.ts',
    ],
  },
  filters: {
    mutate: ['src/triggers/{filter-event,filters,glob,match,segments,text-matcher}.ts'],
    tests: ['test/triggers/*.test.ts'],
  },
  masks: {
    mutate: ['src/activities/job/lines.ts', 'src/secrets/{mask,mask-line,mask-values,spellings,text-finder}.ts'],
    tests: ['test/activities/job/output.test.ts', 'test/secrets/{known-secrets,mask*,spellings}.test.ts'],
  },
  addresses: {
    mutate: ['src/http/{address,guarded-agent}.ts'],
    tests: ['test/http/{guarded-agent,private-addresses}.test.ts'],
  },
  dedup: {
    mutate: [
      'src/intake/{accept,delivery,delivery-id,late-delivery,left-in-between,loop-guard}.ts',
      'src/events/synthesised-key.ts',
      'src/runs/workflow-id.ts',
    ],
    tests: ['test/intake/*.test.ts', 'test/runs/*.test.ts', 'test/server/keys.test.ts'],
  },
};
