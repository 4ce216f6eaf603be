import { feedAddresses, projectsAnswer } from '../contract/feeds.js';
import { feedsQuery, projectsQuery } from '../queries/feeds.js';
import { get, type Route } from '../route.js';

/** What other programs read. */
export const feedRoutes: readonly Route[] = [
  get('/feeds', {
    name: 'showFeeds',
    says: 'Tells the addresses of an automation’s badge, its feed and what build monitors read, each with a key that opens it.',
    query: feedsQuery,
    answer: feedAddresses,
    give: (answers, asked) => answers.feeds(asked),
  }),
  get('/projects', {
    name: 'listProjects',
    says: 'Tells how automations do on each branch of each repository.',
    query: projectsQuery,
    answer: projectsAnswer,
    give: (answers, asked) => answers.projects(asked),
  }),
];
