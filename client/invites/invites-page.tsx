import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Page } from '../ui/page.tsx';
import { Invites } from './invites-section.tsx';

/** Page for inviting users. */
export function InvitesPage() {
  return (
    <PeopleDictionary>
      <Inviting />
    </PeopleDictionary>
  );
}

function Inviting() {
  const t = usePeopleDictionary();
  return (
    <Page title={t('invites.title')}>
      <div class="page-section">
        <Invites />
      </div>
    </Page>
  );
}
