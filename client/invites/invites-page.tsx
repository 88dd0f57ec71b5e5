import { PeopleWords, useWords } from '../i18n/people-dictionary.tsx';
import { Page } from '../ui/page.tsx';
import { Invites } from './invites-section.tsx';

/** Letting friends in. */
export function InvitesPage() {
  return (
    <PeopleWords>
      <Inviting />
    </PeopleWords>
  );
}

function Inviting() {
  const say = useWords();
  return (
    <Page title={say('invites.title')}>
      <div class="page-section">
        <Invites />
      </div>
    </Page>
  );
}
