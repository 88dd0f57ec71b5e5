import { Match, Switch } from 'solid-js';
import { TagDialog } from '../tags/tag-dialog.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { useLibrary } from '../library/library-context.tsx';
import type { SelectionActions } from './selection-actions.ts';

const ShareDialog = lazyComponent(
  () => import('../shares/share-dialog.tsx').then((m) => m.ShareDialog),
  'over',
);
const PurgeDialog = lazyComponent(
  () => import('../trash/purge-dialog.tsx').then((m) => m.PurgeDialog),
  'over',
);
const ArchiveDialog = lazyComponent(
  () => import('./archive-dialog.tsx').then((m) => m.ArchiveDialog),
  'over',
);
const CollectDialog = lazyComponent(
  () => import('../collections/collect-dialog.tsx').then((m) => m.CollectDialog),
  'over',
);

/** The dialog that an action of the selection bar has opened, if any. */
export function SelectionDialogs(props: { actions: SelectionActions }) {
  const { selection } = useLibrary();
  const dialog = () => props.actions.dialog();
  const purge = () => {
    const opened = dialog();
    return opened?.is === 'purge' ? opened : undefined;
  };
  const archive = () => {
    const opened = dialog();
    return opened?.is === 'download' ? opened.archive : undefined;
  };
  const share = () => {
    const opened = dialog();
    return opened?.is === 'share' ? opened : undefined;
  };
  const close = () => props.actions.close();

  return (
    <Switch>
      <Match when={dialog()?.is === 'tag'}>
        <TagDialog items={props.actions.items()} onClose={close} />
      </Match>
      <Match when={dialog()?.is === 'collect'}>
        <CollectDialog ids={selection.ids()} onClose={close} />
      </Match>
      <Match when={purge()}>
        {(opened) => (
          <PurgeDialog ids={opened().ids} onPurged={() => props.actions.leave()} onClose={close} />
        )}
      </Match>
      <Match when={archive()}>
        {(wanted) => (
          <ArchiveDialog
            count={wanted().count}
            size={wanted().size}
            onConfirm={() => props.actions.pack(wanted())}
            onClose={close}
          />
        )}
      </Match>
      <Match when={share()}>
        {(opened) => <ShareDialog items={opened().items} name={opened().name} onClose={close} />}
      </Match>
    </Switch>
  );
}
