import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { ledTo } from '../../../src/server/api/work.js';

/** A run that another has started. */
interface Started {
  readonly id: string;
  readonly by: string;
  /** With which run its chain began; absent where an older Temporal does not tell. */
  readonly root?: string;
}

/** A Temporal that lists these runs by who has started them, and notes what it is asked. */
function temporal(runs: readonly Started[]) {
  const asked: string[] = [];
  async function* list({ query }: { readonly query: string }) {
    asked.push(query);
    for (const { id, by, root } of runs)
      if (query.includes(`ParentWorkflowId IN (`) && query.includes(`'${by}'`))
        yield {
          ...{ workflowId: id, type: 'ci', status: { name: 'RUNNING' }, searchAttributes: {} },
          parentExecution: { workflowId: by },
          ...(root !== undefined && { rootExecution: { workflowId: root } }),
        };
  }
  return { asked, client: { workflow: { list } } as unknown as Client };
}

test('each run that a run has led to stands behind its own, and those of several are looked for among the runs of one root', async () => {
  const { client, asked } = temporal([
    ...['a', 'b'].map((id) => ({ id, by: 'run', root: 'first' })),
    ...['a1', 'a2'].map((id) => ({ id, by: 'a', root: 'first' })),
  ]);
  const led = await ledTo(client, 'run');
  expect(led.map(({ run, by }) => [run, by])).toEqual([
    ['a', 'run'],
    ['a1', 'a'],
    ['a2', 'a'],
    ['b', 'run'],
  ]);
  const [ofOne, ...ofSeveral] = asked;
  expect(ofOne).toMatch(/^ParentWorkflowId IN \('run'\) /);
  expect(ofSeveral).toHaveLength(2);
  for (const query of ofSeveral) expect(query).toMatch(/^RootWorkflowId = 'first' AND ParentWorkflowId IN /);
});

test('what a Temporal that tells no roots has led to is told all the same', async () => {
  const { client, asked } = temporal([...['a', 'b'].map((id) => ({ id, by: 'run' })), { id: 'a1', by: 'a' }]);
  expect((await ledTo(client, 'run')).map(({ run }) => run)).toEqual(['a', 'a1', 'b']);
  expect(asked.filter((query) => query.includes('RootWorkflowId'))).toEqual([]);
});
