import { Match, Show, Switch, type JSX } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { invitesQuery } from '../invites/invites.queries.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { FilePicker } from '../upload/file-picker.tsx';
import { createInstall } from './install.model.ts';
import './first-steps.css';

/** A device without a pointer that could drop files. */
const TOUCH = matchMedia('(pointer: coarse)');

/** The first steps in an empty folder: add, invite (if one may), and install the app. */
export function FirstSteps() {
  const t = useBrowseDictionary();
  const invites = useQuery(() => invitesQuery);
  const install = createInstall();
  return (
    <ol class="steps">
      <Step
        icon="picture"
        title={t('empty.add')}
        hint={t(TOUCH.matches ? 'empty.folder.hintTouch' : 'empty.folder.hint')}
      >
        <FilePicker label={t('empty.choose')} />
      </Step>
      <Show when={invites.data?.mayInvite}>
        <Step icon="share" title={t('empty.invite')} hint={t('empty.invite.hint')}>
          <a class="button quiet" href="/invites">
            {t('empty.invite.open')}
          </a>
        </Step>
      </Show>
      <Show when={install.way()}>
        {(way) => (
          <Step icon="download" title={t('empty.install')} hint={t('empty.install.hint')}>
            <Switch>
              <Match when={way() === 'prompt'}>
                <button type="button" class="button quiet" onClick={() => void install.prompt()}>
                  {t('empty.install.now')}
                </button>
              </Match>
              <Match when={way() === 'menu'}>
                <p class="faint">{t('empty.install.menu')}</p>
              </Match>
              <Match when={way() === 'share'}>
                <p class="faint">{t('empty.install.share')}</p>
              </Match>
            </Switch>
          </Step>
        )}
      </Show>
    </ol>
  );
}

function Step(props: { icon: IconName; title: string; hint: string; children: JSX.Element }) {
  return (
    <li class="step">
      <Icon name={props.icon} />
      <h3>{props.title}</h3>
      <p>{props.hint}</p>
      {props.children}
    </li>
  );
}
