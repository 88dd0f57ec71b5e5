import { PeopleWords, useWords } from '../i18n/people-dictionary.tsx';
import { Page, Section } from '../ui/page.tsx';
import { LanguageChoice, ThemeChoice } from './preferences.tsx';
import { PasswordSection } from './password-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import './credentials.css';

/** One's own account: password, sessions, looks and language. */
export function AccountPage() {
  return (
    <PeopleWords>
      <Account />
    </PeopleWords>
  );
}

function Account() {
  const say = useWords();
  return (
    <Page title={say('account.title')}>
      <PasswordSection />
      <SessionsSection />
      <Section title={say('account.look')}>
        <ThemeChoice />
        <LanguageChoice />
      </Section>
    </Page>
  );
}
