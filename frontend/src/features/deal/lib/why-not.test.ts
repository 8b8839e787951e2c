import { expect, test } from 'vitest';
import { exampleDeal, exampleMark, withMarks } from './example-deal';
import { whyNot } from './why-not';

const CALM = exampleDeal();
const EDITED = withMarks(CALM, { Next_Step: exampleMark() });
const GONE = { ...EDITED, sync: { ...EDITED.sync, presence: 'deleted' as const } };
const READ_ONLY = 'Sync mode is CRM to local: nothing is written to the CRM.';
const NOT_READ = 'Sync mode is local to CRM: nothing is read from the CRM.';

test.each([
  ['from_crm', CALM, 'bidirectional', null],
  ['to_crm', EDITED, 'bidirectional', null],
  ['both', CALM, 'bidirectional', null],
  ['to_crm', CALM, 'bidirectional', 'No edit of this deal waits for the CRM.'],
  ['from_crm', EDITED, 'crm_to_local', null],
  ['to_crm', EDITED, 'crm_to_local', READ_ONLY],
  ['both', EDITED, 'crm_to_local', READ_ONLY],
  ['from_crm', EDITED, 'local_to_crm', NOT_READ],
  ['both', EDITED, 'local_to_crm', NOT_READ],
  ['to_crm', EDITED, 'local_to_crm', null],
  ['from_crm', GONE, 'bidirectional', null],
  ['to_crm', GONE, 'bidirectional', 'The CRM does not show this deal any more.'],
  ['both', GONE, 'bidirectional', 'The CRM does not show this deal any more.'],
  ['to_crm', EDITED, undefined, null],
] as const)('%s, case %#', (direction, deal, mode, words) => {
  expect(whyNot(direction, deal, mode)).toBe(words);
});
