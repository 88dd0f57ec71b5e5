import { expect, it } from 'vitest';
import { ADMIN_TABS, tabFromPath } from '../../../client/admin/admin-tabs.model.ts';

it('names the screen of each address, the first one for the address without a screen', () => {
  for (const tab of ADMIN_TABS) expect(tabFromPath(tab, '')).toBe(tab);
  expect(tabFromPath(undefined, '')).toBe(ADMIN_TABS[0]);
  expect(tabFromPath('nothing', '')).toBeNull();
});

it('opens the tags for the address they had on the one page', () => {
  expect(tabFromPath(undefined, '#tags')).toBe('tags');
  expect(tabFromPath('jobs', '#tags')).toBe('jobs');
});
