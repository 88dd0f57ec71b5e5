import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Sessions } from '../auth/sessions.service.ts';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { eventId } from './event-id.ts';
import type { Events } from './events.service.ts';
import type { News } from './subscription.ts';

export interface EventsRoutesDeps {
  events: Events;
  sessions: Sessions;
  eventTimes?: EventTimes;
}

/** Times of an event stream, in milliseconds. */
export interface EventTimes {
  /**
   * Interval of comments on a quiet stream, and of the check whether its session is still open.
   * Idle proxies close a connection after 30 s and more.
   */
  heartbeatMs: number;
  /**
   * Lifetime of a stream. Platforms end a request after 300 s and more. The browser reconnects and
   * gets what it missed.
   */
  streamMs: number;
}

const EVENT_TIMES: EventTimes = { heartbeatMs: 15_000, streamMs: 280_000 };
/**
 * Pause before a browser reconnects, in milliseconds. Chance spreads the browsers after a restart.
 */
const retryMs = (): number => 1000 + Math.floor(Math.random() * 3000);

/**
 * `/api/events`: server-sent events about changed items. They carry ids only; the client loads what
 * it shows. `hello` begins a stream: `caughtUp` tells whether it continues the one before.
 */
export function eventsRoutes({ events, sessions, eventTimes = EVENT_TIMES }: EventsRoutesDeps) {
  const { heartbeatMs, streamMs } = eventTimes;
  return new Hono<AppEnv>().get(
    '/',
    member({
      summary: 'Server-sent events about changed items: ids only',
      scope: 'none',
      answers: { 200: 'text/event-stream' },
    }),
    async (c) => {
      const by = c.var.session;
      c.header('X-Accel-Buffering', 'no');
      // Hono answers HEAD by GET, and a stream without a reader would stay open.
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
      const { subscription, id, caughtUp } = await events.subscribe(by.id, c.req.header('last-event-id'));
      const { signal } = c.req.raw;
      const leave = () => events.unsubscribe(subscription);
      signal.addEventListener('abort', leave);
      return streamSSE(
        c,
        async (stream) => {
          stream.onAbort(leave);
          try {
            const endAt = Date.now() + streamMs;
            let checkAt = Date.now() + heartbeatMs;
            await stream.writeSSE({
              event: 'hello',
              data: JSON.stringify({ caughtUp }),
              retry: retryMs(),
              ...(id !== null && { id }),
            });
            while (!subscription.isEnded() && Date.now() < endAt) {
              const news = await subscription.next(Math.max(0, checkAt - Date.now()));
              if (news) await stream.writeSSE(toEvent(news));
              if (Date.now() < checkAt) continue;
              checkAt = Date.now() + heartbeatMs;
              if (!(await sessions.isOpen(by))) return;
              if (!news) await stream.write(':\n\n');
            }
          } finally {
            signal.removeEventListener('abort', leave);
            leave();
          }
        },
        async (error) => {
          c.var.logger.warn({ err: error }, 'event stream ended');
        },
      );
    },
  );
}

const toEvent = (news: News) => ({
  event: news.is,
  data: JSON.stringify(news.is === 'items' ? { ids: news.ids } : {}),
  id: eventId(news.at),
});
