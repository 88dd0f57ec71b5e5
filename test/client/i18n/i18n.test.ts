import { createRoot } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { errorFrom } from '../../../client/api/errors.ts';
import { common, errors } from '../../../client/i18n/languages/en.ts';
import { createI18n } from '../../../client/i18n/i18n.tsx';

const setUp = () => createRoot((dispose) => ({ i18n: createI18n('en', common), dispose }));

describe('createI18n', () => {
  it('switches everything to another language', async () => {
    const { i18n, dispose } = setUp();
    expect(i18n.t('search.label')).toBe('Search');
    await i18n.use('fi');
    expect(i18n.language()).toBe('fi');
    expect(i18n.t('search.label')).toBe('Haku');
    expect(i18n.t('browse.end', { count: 2 })).toBe('Luettelon loppu · 2 kohdetta');
    dispose();
  });

  it('has words for every error, also for one whose code is newer than this client', async () => {
    const { i18n, dispose } = setUp();
    expect(i18n.errorText('offline')).toBe(common['error.offline']);
    expect(i18n.errorText('broken_file')).toBe('');
    await i18n.loadErrors();
    const { code } = errorFrom(400, JSON.stringify({ code: 'brand_new', requestId: 'r' }));
    expect(i18n.errorText(code)).toBe(common['error.unknown']);
    expect(i18n.errorText('broken_file')).toBe(errors['error.broken_file']);
    await i18n.use('fi');
    i18n.errorText('broken_file');
    await i18n.loadErrors();
    expect(i18n.errorText('broken_file')).toBe('Tiedosto on vioittunut, eikä sitä voi avata.');
    dispose();
  });
});
