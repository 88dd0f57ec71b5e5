// A Telegram inline bot. Type "@your_bot kissa" in any chat, and pick a picture of the folder.
//
//   SITE=https://memes.example TOKEN=mmk_… TELEGRAM_TOKEN=123:abc TELEGRAM_USERS=1111,2222 \
//     node telegram-bot.mjs
//
// TOKEN is an API token with the scope "read". The bot then offers what its user shares by a lasting
// link. With SHARE=found and the scope "edit" it also shares what a search of 3 letters or more finds.
// TELEGRAM_USERS are the ids of those who may search: anybody on Telegram can call an inline bot.
// https://core.telegram.org/bots/inline says how to make a bot and turn on its inline mode.
import { setTimeout as pause } from 'node:timers/promises';

const { SITE, TOKEN, TELEGRAM_TOKEN, TELEGRAM_USERS = '', SHARE } = process.env;
const { TELEGRAM_API = 'https://api.telegram.org' } = process.env;
const users = new Set(TELEGRAM_USERS.split(',').map(Number));

/** Asks the folder. Throws for an error; its code is in the message. */
async function folder(path, body) {
  const response = await fetch(SITE + path, {
    headers: { authorization: `Bearer ${TOKEN}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path} answered ${response.status} ${answer.code}`);
  return answer;
}

/** Calls the Bot API. Throws for an error; its address has the token, so the message is ours. */
async function telegram(method, body, seconds = 10) {
  const response = await fetch(`${TELEGRAM_API}/bot${TELEGRAM_TOKEN}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(seconds * 1000),
  });
  const { ok, description, result } = await response.json();
  if (!ok) throw new Error(`Telegram refused ${method}: ${description}`);
  return result;
}

/** Finds items with an address that works for everybody. */
async function find(query) {
  const shares = SHARE === 'found' && query.length > 2;
  const asked = new URLSearchParams({ q: query, limit: shares ? '10' : '50', include: 'share' });
  const search = () => folder(`/api/media?${asked}`);
  let { items } = await search();
  const unshared = items.filter(({ share }) => share === null);
  if (shares && unshared.length > 0) {
    for (const { id } of unshared) await folder('/api/shares/link', { itemId: id });
    ({ items } = await search());
  }
  return items.filter(({ share }) => share !== null);
}

/** A picture is sent as such. Anything else is sent as its link, of which the chat makes a card. */
function toResult({ id, kind, title, share: { url, preview } }) {
  const thumbnail = preview && { thumbnail_url: preview.url };
  if (kind === 'image') {
    const { width: photo_width, height: photo_height } = preview;
    return { type: 'photo', id, title, photo_url: preview.url, photo_width, photo_height, ...thumbnail };
  }
  const input_message_content = { message_text: url };
  return { type: 'article', id, title: title || kind, input_message_content, ...thumbnail };
}

for (let offset = 0; ;) {
  try {
    const allowed_updates = ['inline_query'];
    for (const update of await telegram('getUpdates', { offset, timeout: 50, allowed_updates }, 60)) {
      offset = update.update_id + 1;
      const { id, from, query } = update.inline_query;
      const results = users.has(from.id) ? (await find(query.trim())).map(toResult) : [];
      const answer = { inline_query_id: id, results, cache_time: 10, is_personal: true };
      await telegram('answerInlineQuery', answer);
    }
  } catch (error) {
    console.error(error.message);
    await pause(3000);
  }
}
