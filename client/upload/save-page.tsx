import { useLocation } from '@solidjs/router';
import { createSignal, Show } from 'solid-js';
import { MAX_ADDRESS_UNITS } from '../../app/fetches/fetches.limits.ts';
import { useQuery } from '../api/query-observer.ts';
import { meQuery } from '../auth/session.queries.ts';
import { PeopleDictionary, UploadDictionary, useUploadDictionary } from '../i18n/dictionaries.tsx';
import { Field } from '../ui/field.tsx';
import { createForm } from '../ui/form.model.ts';
import { Form } from '../ui/form.tsx';
import { Page } from '../ui/page.tsx';
import { useUpload } from './upload-provider.tsx';
import '../auth/credentials.css';

/**
 * Adds a picture or video by its address, which the parameter `url` fills in. Nothing is sent
 * before the button is pressed: any site can lead here.
 */
export function SavePage() {
  return (
    <PeopleDictionary>
      <UploadDictionary>
        <Content />
      </UploadDictionary>
    </PeopleDictionary>
  );
}

function Content() {
  const t = useUploadDictionary();
  const { query } = useLocation();
  const upload = useUpload();
  const me = useQuery(() => meQuery);
  const given = [query['url']].flat()[0] ?? '';
  const [address, setAddress] = createSignal(given.slice(0, MAX_ADDRESS_UNITS));
  const [added, setAdded] = createSignal(false);
  const form = createForm(['url'], async () => {
    upload([{ address: address().trim() }]);
    setAddress('');
    setAdded(true);
  });

  return (
    <Page title={t('save.title')}>
      <Show when={!me.data?.fetchOff} fallback={<p>{t('save.off')}</p>}>
        <Form form={form} submit={t('save.add')}>
          <Field
            name="url"
            label={t('save.url')}
            problem={form.problem('url')}
            maxlength={MAX_ADDRESS_UNITS}
            required
            first
            autocomplete="off"
            value={address()}
            onInput={setAddress}
          />
        </Form>
        <p role="status">{added() ? t('save.added') : ''}</p>
      </Show>
    </Page>
  );
}
