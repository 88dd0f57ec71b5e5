import './styles/layers.css';
import './styles/tokens.css';
import './styles/fonts.css';
import './styles/base.css';
import './ui/ui.css';
import { render } from 'solid-js/web';
import { markSignedOut, meQuery } from './auth/session.queries.ts';
import { onRefused } from './api/client.ts';
import { createQueryClient } from './api/query-client.ts';
import { App, loadRoutes } from './app.tsx';
import { listQuery } from './library/list.queries.ts';
import { queryFromUrl } from './library/query-filters.ts';
import { createI18n, startLanguage } from './i18n/i18n.tsx';
import { loadDictionary } from './i18n/language.ts';
import { readSetting } from './lib/local-storage.ts';
import { reloadIfReleased } from './pwa/reload.ts';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');

const client = createQueryClient();
onRefused((isSignedOut) => (isSignedOut ? markSignedOut(client) : void client.invalidateQueries(meQuery)));
// Only a page that was open during a release requests chunks of an older one.
window.addEventListener('vite:preloadError', () => void reloadIfReleased().catch(console.warn));

// Starts the session query before the first render. A user known to this browser is probably still
// signed in, so the library loads in parallel.
void client.prefetchQuery(meQuery);
if (readSetting('known')) {
  void loadRoutes();
  void client.prefetchInfiniteQuery(listQuery(queryFromUrl(location.search)));
}

const language = startLanguage();
const dictionary = await loadDictionary(language);
render(() => <App client={client} i18n={createI18n(language, dictionary)} />, root);
