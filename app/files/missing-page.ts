import { html } from 'hono/html';
import { languageOf, PAGE_TEXTS } from '../i18n/page-texts.ts';

/**
 * The page for somebody who opens the address of a file that is not here. It does not say whether
 * there ever was one.
 */
export const missingPage = (acceptLanguage: string | undefined) => {
  const language = languageOf(acceptLanguage);
  const { title, text } = PAGE_TEXTS[language].missingFile;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          body {
            font:
              1.125rem/1.5 system-ui,
              sans-serif;
            max-width: 32rem;
            margin: 20vh auto;
            padding: 0 1.5rem;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
        </main>
      </body>
    </html>`;
};
