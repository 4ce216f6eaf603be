/**
 * What trust hangs on, and the tests that should notice when it changes, the quick ones first: a mutant's tests end at the
 * first that fails. The workflows are not here: they run in Temporal's sandbox, which no mutant reaches.
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
      'test/providers/{constant-time,sign,strangers}.test.ts',
      'test/providers/services/*.test.ts',
      'test/providers/*/{form,rotated,schemes}.test.ts',
      'test/server/signature.test.ts',
      'test/providers/*/webhook.test.ts',
      'test/providers/readme.test.ts',
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
      'test/triggers/preconditions.test.ts',
      'test/providers/*/{status,deployment}.test.ts',
      'test/providers/*/{webhook,events}.test.ts',
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
    mutate: [
      'src/events/skip-marker.ts',
      'src/triggers/{filter-event,filters,glob,glob-choices,match,segments,text-matcher}.ts',
    ],
    tests: ['test/triggers/*.test.ts'],
  },
  masks: {
    mutate: [
      'src/activities/job/lines.ts',
      'src/secrets/{alike-texts,base64-lines,decoded-views,mask,mask-line,mask-values,piece-finder,spelling-finder,spellings,text-finder}.ts',
    ],
    tests: [
      'test/secrets/{alike-texts,base64-lines,decoded-views,mask,mask-values,piece-finder,spellings,text-finder}.test.ts',
      'test/activities/job/{command-lines,output}.test.ts',
      'test/secrets/{known-secrets,mask-spellings}.test.ts',
    ],
  },
  addresses: {
    mutate: ['src/http/{address,guarded-agent}.ts'],
    tests: ['test/http/{guarded-agent,private-addresses}.test.ts'],
  },
  dedup: {
    mutate: [
      'src/intake/{accept,delivery,delivery-id,late-delivery,left-in-between,loop-guard}.ts',
      'src/store/newest-first.ts',
      'src/events/synthesised-key.ts',
      'src/runs/workflow-id.ts',
    ],
    tests: [
      'test/events/synthesised-key.test.ts',
      'test/store/newest-first.test.ts',
      'test/runs/workflow-id.test.ts',
      'test/intake/{accept,delivery,delivery-id,far-back,late-delivery,loop-guard,repeats,repeated-bodies}.test.ts',
      'test/intake/{ingest,told-twice}.test.ts',
      'test/server/keys.test.ts',
    ],
  },
};
