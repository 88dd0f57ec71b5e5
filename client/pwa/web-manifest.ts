/** Texts of the manifest in one language. */
interface ManifestTexts {
  readonly description: string;
  readonly videos: string;
  readonly invite: string;
}

const icon = (name: string, sizes: string, purpose: 'any' | 'maskable') => ({
  src: `/${name}`,
  sizes,
  type: name.endsWith('.svg') ? 'image/svg+xml' : 'image/png',
  purpose,
});

/**
 * Builds the web app manifest (W3C) of a language: name, icons, shortcuts, and the share target of
 * the app.
 *
 * @param language BCP 47 tag
 */
export function webManifest(language: string, texts: ManifestTexts) {
  const shortcut = (name: string, url: string) => ({
    name,
    url,
    icons: [{ src: '/icon-192.png', sizes: '192x192', type: 'image/png' }],
  });
  return {
    id: '/',
    name: 'meemikansio',
    short_name: 'meemikansio',
    description: texts.description,
    lang: language,
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: '#f8f7f3',
    theme_color: '#ffcb3d',
    categories: ['photo', 'social'],
    icons: [
      icon('icon.svg', 'any', 'any'),
      icon('icon-192.png', '192x192', 'any'),
      icon('icon-512.png', '512x512', 'any'),
      icon('icon-maskable-192.png', '192x192', 'maskable'),
      icon('icon-maskable-512.png', '512x512', 'maskable'),
    ],
    shortcuts: [shortcut(texts.videos, '/?type=video'), shortcut(texts.invite, '/invites')],
    share_target: {
      action: '/share',
      method: 'POST',
      enctype: 'multipart/form-data',
      params: {
        title: 'title',
        text: 'text',
        url: 'url',
        files: [{ name: 'files', accept: ['image/*', 'video/*'] }],
      },
    },
  };
}
