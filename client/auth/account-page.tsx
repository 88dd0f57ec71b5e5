import { PeopleDictionary, usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Page, Section } from '../ui/page.tsx';
import { CloseSection } from '../account/close-section.tsx';
import { LanguageChoice, ThemeChoice } from './preferences.tsx';
import { SharesSection } from '../shares/shares-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { PasskeysSection } from '../passkeys/passkeys-section.tsx';
import { TokensSection } from '../tokens/tokens-section.tsx';
import { BookmarkletSection } from '../upload/bookmarklet-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import './credentials.css';

/**
 * The user's own account: sign-in, share links, sessions, API tokens, bookmarklet, theme, language,
 * an archive, and the end of it.
 */
export function AccountPage() {
  return (
    <PeopleDictionary>
      <Account />
    </PeopleDictionary>
  );
}

function Account() {
  const t = usePeopleDictionary();
  return (
    <Page title={t('account.title')}>
      <PasswordSection />
      <PasskeysSection />
      <SharesSection scope="mine" />
      <SessionsSection />
      <TokensSection />
      <BookmarkletSection />
      <Section title={t('account.look')}>
        <ThemeChoice />
        <LanguageChoice />
      </Section>
      <CloseSection />
    </Page>
  );
}
