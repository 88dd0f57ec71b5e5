import type { Access } from '../http/describe.ts';

/** The texts, in one language, of the page about the API. */
export interface ApiTexts {
  /** The language by its own name, in a link to its page. */
  language: string;
  title: string;
  lead: string;
  /** Explains the notation of parameters and bodies. */
  notation: string;
  /** The link to the document for programs. */
  document: string;
  contents: string;
  access: Record<Access, string>;
  /** The scope that a token needs; for routes that no token may call, and those without a scope. */
  scope(scope: string): string;
  noToken: string;
  parameters: string;
  places: Record<'path' | 'query', string>;
  body: string;
  /** A body that may be left out. */
  optional: string;
  answers: string;
  /** An answer without a body. */
  empty: string;
  errors: string;
  errorBody: string;
}

export const EN_API: ApiTexts = {
  language: 'In English',
  title: 'The API',
  lead: 'Programs do here what the app does. Each operation says who may call it, and which scope an API token needs. Tokens are made under Account.',
  notation: 'A question mark marks what may be left out or missing. Lists end in [].',
  document: 'The same for programs: OpenAPI 3.1',
  contents: 'Contents',
  access: {
    open: 'For everybody.',
    member: 'For signed-in users.',
    owner: 'For the owner and for admins.',
    admin: 'For admins.',
  },
  scope: (scope) => `Scope of the token: ${scope}.`,
  noToken: 'No token may call it.',
  parameters: 'Parameters',
  places: { path: 'in the path', query: 'in the query' },
  body: 'Body',
  optional: 'may be left out',
  answers: 'Answers',
  empty: 'no body',
  errors: 'Errors',
  errorBody: 'The body of every error',
};

export const FI_API: ApiTexts = {
  language: 'Suomeksi',
  title: 'Rajapinta',
  lead: 'Ohjelmat tekevät täällä saman kuin sovellus. Jokaisesta toiminnosta kerrotaan, kuka saa kutsua sitä ja minkä oikeuden API-avain tarvitsee. Avaimet luodaan tilin sivulla. Toimintojen kuvaukset ovat englanniksi.',
  notation:
    'Kysymysmerkki tarkoittaa, että kohdan voi jättää pois tai se voi puuttua. Luettelo päättyy merkkeihin [].',
  document: 'Sama ohjelmille: OpenAPI 3.1',
  contents: 'Sisältö',
  access: {
    open: 'Kaikille.',
    member: 'Kirjautuneille.',
    owner: 'Omistajalle ja ylläpitäjille.',
    admin: 'Ylläpitäjille.',
  },
  scope: (scope) => `Avaimen oikeus: ${scope}.`,
  noToken: 'Ei API-avaimille.',
  parameters: 'Parametrit',
  places: { path: 'polussa', query: 'kyselyssä' },
  body: 'Runko',
  optional: 'voi jättää pois',
  answers: 'Vastaukset',
  empty: 'ei runkoa',
  errors: 'Virheet',
  errorBody: 'Virheiden yhteinen runko',
};
