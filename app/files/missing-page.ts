import { html } from 'hono/html';

/**
 * The page for somebody who opens the address of a file that is not here. It does not say whether
 * there ever was one.
 */
export const missingPage = (acceptLanguage: string | undefined) => {
  const language = /^\s*fi\b/i.test(acceptLanguage ?? '') ? 'fi' : 'en';
  const { title, text } = WORDS[language];
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

const WORDS = {
  en: {
    title: 'There is no file here',
    text: 'It was deleted, its address has changed, or the address is incomplete. Ask the person who sent it for a new link.',
  },
  fi: {
    title: 'Täällä ei ole tiedostoa',
    text: 'Se on poistettu, sen osoite on vaihtunut, tai osoite on vajaa. Pyydä uusi linkki siltä, joka lähetti sen.',
  },
} as const;
