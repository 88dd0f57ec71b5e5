import { createEffect, createUniqueId, type ParentProps } from 'solid-js';
import { usePeopleDictionary } from '../i18n/dictionaries.tsx';
import { Logo } from './logo.tsx';
import { Icon } from './icon.tsx';
import { ErrorNotice } from './error-notice.tsx';
import './page.css';

/**
 * A page outside the library, with a title and a back link.
 *
 * @param props.part the part of the page that is shown, for the title of the window
 */
export function Page(props: ParentProps<{ title: string; part?: string }>) {
  const t = usePeopleDictionary();
  createEffect(() => {
    document.title = [props.part, props.title, 'meemikansio'].filter(Boolean).join(' · ');
  });
  return (
    <main class="page">
      <a class="button page-back" href="/">
        <Icon name="left" />
        {t('page.back')}
      </a>
      <h1>{props.title}</h1>
      {props.children}
    </main>
  );
}

/** A section of a page. */
export function Section(props: ParentProps<{ title: string }>) {
  const id = createUniqueId();
  return (
    <section class="page-section" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** A page with one card, for visitors without a session. */
export function Card(props: ParentProps<{ title: string; lead: string }>) {
  createEffect(() => {
    document.title = `${props.title} · meemikansio`;
  });
  return (
    <main class="public-page">
      <div class="public-card">
        <p class="public-brand">
          <Logo />
          meemikansio
        </p>
        <h1>{props.title}</h1>
        <p class="public-lead">{props.lead}</p>
        {props.children}
      </div>
    </main>
  );
}

/** Page of an expired or unknown link. */
export function DeadLink(props: { title: string; error: unknown }) {
  const t = usePeopleDictionary();
  return (
    <main>
      <ErrorNotice
        page
        title={props.title}
        error={props.error}
        action={t('join.toSignIn')}
        onAction={openLibrary}
      />
    </main>
  );
}

/** Opens the library with a full page load, because the session has changed. */
export const openLibrary = () => location.assign('/');
