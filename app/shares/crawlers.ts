/**
 * Names in `User-Agent` of programs that fetch a page without a person. They are link previews of
 * chats, search engines, monitors, HTTP libraries.
 */
const CRAWLER = new RegExp(
  [
    // Any that calls itself one: Twitterbot, Discordbot, TelegramBot, Slackbot-LinkExpanding,
    // facebookexternalhit (also iMessage's), Applebot, Googlebot, bingbot, redditbot. Cubot is a
    // phone (also "CUBOT_X18").
    String.raw`(?<!cu)bot(\b|_)|crawl|spider|slurp|preview|unfurl|externalhit|externalagent|scrap`,
    // SkypeUriPreview is that of Microsoft Teams. In its window ("Teams/") people read.
    'whatsapp|slack-imgproxy|skypeuripreview|mastodon|pleroma|akkoma|misskey|bluesky|cardyb',
    'signal-(android|ios|desktop)|matrix|synapse|embedly|iframely|vkshare|flipboard|facebookcatalog',
    'cfnetwork|curl/|wget|python|go-http-client|java/|okhttp|axios|node|undici|http.rb|ruby|php|libwww',
    'headlesschrome|lighthouse|pingdom|uptime|monitor',
  ].join('|'),
  'i',
);

/** Tells whether a request comes from a program and not from a person. No name counts as one. */
export const isCrawler = (userAgent: string | undefined): boolean =>
  userAgent === undefined || userAgent.trim() === '' || CRAWLER.test(userAgent);
