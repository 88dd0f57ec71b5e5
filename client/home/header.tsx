import { AccountMenu } from '../auth/account-menu.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { FilePicker } from '../upload/file-picker.tsx';
import { Logo } from '../ui/logo.tsx';
import { SearchBox } from '../search/search-box.tsx';
import './header.css';

/**
 * The permanent header: home, search, add and account. On a phone, the add button is near the
 * thumb.
 */
export function Header(props: { q: string; busy: boolean; onHelp: () => void }) {
  const { t } = useI18n();
  return (
    <header class="bar" data-busy={props.busy ? '' : undefined}>
      <a class="bar-home" href="/" aria-label={t('app.home')}>
        <Logo />
        <span aria-hidden="true">meemikansio</span>
      </a>
      <SearchBox q={props.q} />
      <div class="bar-add">
        <FilePicker />
      </div>
      <AccountMenu onHelp={props.onHelp} />
    </header>
  );
}
