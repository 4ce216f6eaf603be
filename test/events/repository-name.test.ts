import { expect, test } from 'vitest';
import { isSameRepository } from '../../src/events/repository-name.js';

test.each([
  ['acme/app', 'acme/app', true],
  ['Acme/App', 'aCME/aPP', true],
  ['Zürich/Über', 'zÜrich/über', true],
  ['acme/app', 'acme/app-2', false],
  ['acme/a.p', 'acme/app', false],
  ['acme/app', 'acme-app', false],
  ['a+b/(c)', 'A+B/(C)', true],
  // The sign of Kelvin is a small k in small letters, the long s a capital S in capitals, and so is each half of ß.
  ['acme/kit', 'acme/\u212Ait', false],
  ['acme/set', 'acme/\u017Fet', false],
  ['acme/straße', 'acme/STRASSE', false],
  ['', 'acme/app', false],
])('%j and %j are names of one repository: %j', (one, other, same) => {
  expect([isSameRepository(one, other), isSameRepository(other, one)]).toEqual([same, same]);
});
