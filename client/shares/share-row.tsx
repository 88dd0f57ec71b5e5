import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, onMount, Show, type ParentProps } from 'solid-js';
import type { Share } from '../../app/shares/shares.schema.ts';
import { useSharingDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { itemPath } from '../library/paths.ts';
import { createForm } from '../ui/form.model.ts';
import { createCopying } from './copying.ts';
import { hasShareSheet, shareLink } from './native-share.ts';
import { followNewAddresses } from './new-addresses.ts';
import { EndFileAddress, ShareOptions } from './share-options.tsx';
import { shareName, shareOpens, shareState } from './share-row.model.ts';
import { changeShare, revokeShare, withoutIdleEnd, type ShareChoice } from './shares.queries.ts';

interface ShareRowProps {
  share: Share;
  /** Name of the row; by default the share's own. */
  name?: string;
  /** Whether to say who shares. */
  showOwner?: boolean;
  /** Whether to show the pictures. */
  showItems?: boolean;
  /** Whether the user may only revoke it: the share of another one, of the user's collection. */
  revokesOnly?: boolean;
  /** Shows what was done, or why not. */
  onSaid: (text: string) => void;
  /** Reports a failure. */
  onFailed: (thrown: unknown) => void;
  /** Called when the row is about to leave, so that the focus can go elsewhere. */
  onGone?: () => void;
}

/** One share link with what is known of it, and the actions on it. */
export function ShareRow(props: ShareRowProps) {
  const i18n = useI18n();
  const t = useSharingDictionary();
  const client = useQueryClient();
  const [open, setOpen] = createSignal<'change' | 'revoke' | null>(null);
  const copying = createCopying((text) => props.onSaid(text));
  const name = () => props.name ?? shareName(props.share, t, i18n);
  const isLive = () => props.share.state === 'live';
  const toggle = (form: 'change' | 'revoke') => setOpen((now) => (now === form ? null : form));
  const about = () =>
    [
      shareState(props.share, t, i18n),
      shareOpens(props.share, t, i18n),
      ...(props.showOwner ? [t('share.by', { name: props.share.sharedBy.username })] : []),
    ].join(' · ');

  const change = async (choice: ShareChoice) => {
    await changeShare(client, props.share.code, choice);
    setOpen(null);
    props.onSaid(t('share.changed'));
  };
  /** The user's choice; null: the addresses of the items end with their last share. */
  const [endChoice, setEndChoice] = createSignal<boolean | null>(null);
  const endFileAddress = () => props.share.mayEndFileAddress && (endChoice() ?? !props.share.otherShares);
  const revoke = async () => {
    const ends = endFileAddress();
    const { share, onFailed } = props;
    props.onGone?.();
    await revokeShare(client, share, ends);
    props.onSaid(t(ends ? 'share.revokeDoneAddress' : 'share.revokeDone'));
    if (ends)
      void followNewAddresses(
        client,
        share.items.map(({ id }) => id),
      ).catch(onFailed);
  };

  return (
    <li class="share-row" data-state={props.share.state}>
      <Show when={props.showItems}>
        <div class="share-pictures">
          <For each={props.share.items}>
            {(item) => (
              <a href={itemPath(item.id, '')} aria-label={item.title || t('share.picture')}>
                <Show when={item.thumbnailUrl}>
                  {(url) => <img class="row-picture" src={url()} alt="" loading="lazy" />}
                </Show>
              </a>
            )}
          </For>
        </div>
      </Show>
      <div class="row-words">
        <span class="row-name">{name()}</span>
        <p class="faint">{about()}</p>
        <Show when={isLive()}>
          <a class="share-url" href={props.share.url} target="_blank" rel="noopener">
            {props.share.url}
          </a>
        </Show>
      </div>
      <Show when={isLive()}>
        <div class="row-actions">
          <button
            type="button"
            class="button quiet"
            aria-label={t('share.copyNamed', { name: name() })}
            onClick={() => void copying.url(Promise.resolve(props.share.url)).catch(props.onFailed)}
          >
            {t('copy.link')}
          </button>
          <Show when={hasShareSheet()}>
            <button
              type="button"
              class="button quiet"
              aria-label={t('share.sendNamed', { name: name() })}
              onClick={() => void shareLink({ title: name(), url: props.share.url }).catch(props.onFailed)}
            >
              {t('share.send')}
            </button>
          </Show>
          <Show when={!props.revokesOnly}>
            <button
              type="button"
              class="button quiet"
              aria-expanded={open() === 'change'}
              aria-label={t('share.changeNamed', { name: name() })}
              onClick={() => toggle('change')}
            >
              {t('share.change')}
            </button>
          </Show>
          <button
            type="button"
            class="button danger"
            aria-expanded={open() === 'revoke'}
            aria-label={t('share.revokeNamed', { name: name() })}
            onClick={() => toggle('revoke')}
          >
            {t('share.revoke')}
          </button>
        </div>
        <Show when={open() === 'change'}>
          <ChangeForm share={props.share} onSave={change} onClose={() => setOpen(null)} />
        </Show>
        <Show when={open() === 'revoke'}>
          <ConfirmForm label={t('share.revoke')} onConfirm={revoke} onClose={() => setOpen(null)}>
            <p>{t('share.revokeSure')}</p>
            <Show when={props.share.mayEndFileAddress}>
              <EndFileAddress
                label={t('share.endAddress')}
                checked={endFileAddress()}
                onChange={setEndChoice}
              />
            </Show>
          </ConfirmForm>
        </Show>
      </Show>
    </li>
  );
}

/** Form that changes a share. A new lifetime counts from now. */
function ChangeForm(props: {
  share: Share;
  onSave: (choice: ShareChoice) => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const { share } = props;
  const [choice, setChoice] = createSignal<ShareChoice>({
    expires: share.expiresAt === null ? 'never' : 'week',
    showSharer: share.showSharer,
    endFileAddress: share.mayEndFileAddress && (share.endFileAddress || !share.otherShares),
  });
  return (
    <ConfirmForm
      label={t('app.save')}
      primary
      onConfirm={() => props.onSave(withoutIdleEnd(choice()))}
      onClose={props.onClose}
    >
      <ShareOptions value={choice()} onChange={setChoice} mayEndFileAddress={share.mayEndFileAddress} />
    </ConfirmForm>
  );
}

/** A small form inside a row: its content, the error, and the buttons that confirm or cancel. */
export function ConfirmForm(
  props: ParentProps<{
    label: string;
    primary?: boolean;
    onConfirm: () => Promise<void>;
    onClose: () => void;
  }>,
) {
  const { t, errorText } = useI18n();
  const form = createForm([], () => props.onConfirm());
  let element!: HTMLFormElement;
  onMount(() => element.querySelector<HTMLElement>('input:checked, button')?.focus());
  return (
    <form
      ref={element}
      class="share-form"
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
      on:keydown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.onClose();
      }}
    >
      {props.children}
      <p class="field-problem" role="alert">
        <Show when={form.problem(null)}>{(problem) => <>{errorText(problem().code)}</>}</Show>
      </p>
      <div class="row-actions">
        <button
          type="submit"
          class="button"
          classList={{ primary: props.primary === true, danger: props.primary !== true }}
          disabled={form.busy()}
        >
          {props.label}
        </button>
        <button type="button" class="button quiet" onClick={() => props.onClose()}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  );
}
