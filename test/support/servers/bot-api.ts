import { Hono } from 'hono';
import { z } from 'zod';
import { listening } from './listening.ts';

// A stand-in of the Telegram Bot API (https://core.telegram.org/bots/api) for inline bots.

const id = z.string().min(1).max(64);
const webAddress = z.url({ protocol: /^https?$/ });

/** A result as Telegram accepts it: an unknown field is a mistake of the bot. */
const inlineResult = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('photo'),
    id,
    title: z.string().optional(),
    photo_url: webAddress,
    thumbnail_url: webAddress,
    photo_width: z.number().int().positive(),
    photo_height: z.number().int().positive(),
  }),
  z.strictObject({
    type: z.literal('article'),
    id,
    title: z.string().min(1),
    input_message_content: z.strictObject({ message_text: z.string().min(1).max(4096) }),
    thumbnail_url: webAddress.optional(),
  }),
]);

const polled = z.strictObject({
  offset: z.number().int(),
  timeout: z.number().int().min(1).max(50),
  allowed_updates: z.tuple([z.literal('inline_query')]),
});

const answered = z.strictObject({
  inline_query_id: z.string(),
  results: z.array(inlineResult).max(50),
  cache_time: z.number().int(),
  /** Otherwise Telegram shows the answer to one person to everybody. */
  is_personal: z.literal(true),
});

export type InlineResult = z.infer<typeof inlineResult>;

export interface BotApi extends AsyncDisposable {
  /** The address for `TELEGRAM_API`. */
  url: string;
  /** Sends an inline query of a person to the bot. Resolves with its results. */
  ask(query: string, from: number): Promise<InlineResult[]>;
}

interface Update {
  update_id: number;
  inline_query: { id: string; from: { id: number }; query: string; offset: string };
}

/** Starts the stand-in for the bot with this token. Needs disposal. */
export async function botApi(token: string): Promise<BotApi> {
  let updates: Update[] = [];
  let pushed = Promise.withResolvers<void>();
  const asked = new Map<string, PromiseWithResolvers<InlineResult[]>>();
  let count = 0;

  const app = new Hono()
    .post(`/bot${token}/getUpdates`, async (c) => {
      const { offset } = polled.parse(await c.req.json());
      updates = updates.filter(({ update_id }) => update_id >= offset);
      while (updates.length === 0) await pushed.promise;
      return c.json({ ok: true, result: updates });
    })
    .post(`/bot${token}/answerInlineQuery`, async (c) => {
      const body: unknown = await c.req.json();
      const { inline_query_id } = z.object({ inline_query_id: z.string() }).parse(body);
      const parsed = answered.safeParse(body);
      if (parsed.success) asked.get(inline_query_id)?.resolve(parsed.data.results);
      else asked.get(inline_query_id)?.reject(parsed.error);
      return parsed.success
        ? c.json({ ok: true, result: true })
        : c.json({ ok: false, error_code: 400, description: parsed.error.message }, 400);
    })
    .all('*', (c) => c.json({ ok: false, error_code: 404, description: 'Not Found' }, 404));
  const server = await listening(app.fetch);

  return {
    url: server.url,
    ask(query, from) {
      const id = String((count += 1));
      const answer = Promise.withResolvers<InlineResult[]>();
      asked.set(id, answer);
      updates.push({ update_id: 1000 + count, inline_query: { id, from: { id: from }, query, offset: '' } });
      pushed.resolve();
      pushed = Promise.withResolvers<void>();
      return answer.promise;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
