// Under another name, because the formatter would add white space to the page.
import { html as markup, raw } from 'hono/html';
import { PAGE_TEXTS, type PageLanguage } from '../i18n/page-texts.ts';
import type { ApiTexts } from '../i18n/api-texts.ts';
import { DOCS_CSS } from './docs.css.ts';
import type { DocumentOperation, OpenApiDocument } from './document.ts';
import { jsonSchema, partsOf, typeOf, type JsonSchema } from './schema-text.ts';

type Html = ReturnType<typeof markup>;

/** An operation with its place in the document. */
interface Listed extends DocumentOperation {
  method: string;
  path: string;
}

/**
 * The page about the API: every operation of the document with its access, parameters, bodies,
 * answers and errors. It runs no script. Every text of the document is escaped.
 */
export function docsPage(document: OpenApiDocument, language: PageLanguage): Html {
  const words = PAGE_TEXTS[language].api;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]): Listed => ({ ...one, method: method.toUpperCase(), path })),
  );
  const groups = Map.groupBy(operations, groupOf);
  const names = [...groups.keys()].toSorted();
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<title>${words.title} · meemikansio</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f8f7f3">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12121a">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<style>${raw(DOCS_CSS)}</style>
</head>
<body>
<header>
<h1>${words.title}</h1>
<p>${words.lead}</p>
<p class="soft">${words.notation}</p>
<ul class="links"><li><a href="/api/openapi.json">${words.document}</a></li>${otherLanguages(language)}</ul>
<nav aria-label="${words.contents}"><ul class="links">${names.map((name) => markup`<li><a href="#${name}">${name}</a></li>`)}<li><a href="#error-body">${words.errors}</a></li></ul></nav>
</header>
<main>
${names.map((name) => groupPart(name, groups.get(name) ?? [], words))}
<h2 id="error-body">${words.errorBody}</h2>
${schemaPart(jsonSchema.parse(errorSchemaOf(document)))}
</main>
</body>
</html>
`;
}

/** The part of the API to which an operation belongs. The pages for people have theirs. */
const groupOf = ({ path }: Listed): string => {
  const [, first = '', second = ''] = path.split('/');
  return first === 'api' ? second.replace(/\..*/, '') : first;
};

const otherLanguages = (language: PageLanguage) =>
  Object.entries(PAGE_TEXTS)
    .filter(([code]) => code !== language)
    .map(
      ([code, { api }]) =>
        markup`<li><a href="?lang=${code}" hreflang="${code}" lang="${code}">${api.language}</a></li>`,
    );

const errorSchemaOf = ({ components }: OpenApiDocument): unknown => {
  const { schemas } = components;
  return typeof schemas === 'object' && schemas !== null && 'Error' in schemas ? schemas.Error : {};
};

const groupPart = (name: string, operations: readonly Listed[], words: ApiTexts): Html =>
  markup`<section aria-labelledby="${name}">
<h2 id="${name}">${name}</h2>
${operations.map((operation) => operationPart(operation, words))}</section>
`;

function operationPart(operation: Listed, words: ApiTexts): Html {
  const { operationId, method, path, summary, 'x-access': access, 'x-scope': scope } = operation;
  const token = scope === 'none' ? words.noToken : scope === 'any' ? '' : words.scope(scope);
  return markup`<details id="${operationId}"><summary><code>${method} ${path}</code><span lang="en">${summary}</span></summary><div>
<p>${words.access[access]} ${token}</p>
${parametersPart(operation, words)}${bodyPart(operation, words)}${answersPart(operation, words)}</div></details>
`;
}

function parametersPart({ parameters }: Listed, words: ApiTexts): Html | '' {
  if (parameters.length === 0) return '';
  const rows = parameters.map((one) => {
    const name = one['required'] === true ? one.name : `${one.name}?`;
    const type = typeOf(jsonSchema.parse(one.schema));
    return markup`<li><code>${name}</code> <code class="soft">${type}</code> <span class="soft">${words.places[one.in]}</span></li>`;
  });
  return markup`<h3>${words.parameters}</h3><ul>${rows}</ul>
`;
}

function bodyPart({ requestBody }: Listed, words: ApiTexts): Html | '' {
  if (!requestBody) return '';
  const note = requestBody.required ? '' : markup` <span class="soft">${words.optional}</span>`;
  return markup`<h3>${words.body}</h3>
${contentPart(requestBody.content, note)}`;
}

function answersPart({ responses }: Listed, words: ApiTexts): Html {
  const sorted = Object.entries(responses).toSorted(([a], [b]) => Number(a) - Number(b));
  const answers = sorted.filter(([status]) => Number(status) < 400);
  const errors = sorted.filter(([status]) => Number(status) >= 400);
  return markup`<h3>${words.answers}</h3>
${answers.map(
  ([status, { content }]) =>
    markup`<p><code>${status}</code>${content ? '' : markup` <span class="soft">${words.empty}</span>`}</p>
${content ? contentPart(content, '') : ''}`,
)}<h3>${words.errors}</h3>
<ul>${errors.map(([status, { description }]) => markup`<li><code>${status}</code> <code class="soft">${description.replaceAll('`', '')}</code></li>`)}</ul>
`;
}

/** The bodies of an answer or a request, by media type. JSON, the usual one, needs no name. */
const contentPart = (content: Record<string, { schema?: unknown }>, note: Html | ''): Html =>
  markup`${Object.entries(content).map(
    ([type, { schema }]) =>
      markup`${
        type === 'application/json'
          ? note
          : markup`<p><code>${type}</code>${note}</p>
`
      }${schema === undefined ? '' : schemaPart(jsonSchema.parse(schema))}`,
  )}`;

/** A schema: its type in a line, and its properties below. */
function schemaPart(schema: JsonSchema): Html {
  const parts = partsOf(schema);
  return parts.length === 0
    ? markup`<ul><li><code class="soft">${typeOf(schema)}</code></li></ul>
`
    : markup`${propertiesPart(parts)}
`;
}

const propertiesPart = (parts: ReturnType<typeof partsOf>): Html =>
  markup`<ul>${parts.map(
    ({ name, schema }) =>
      markup`<li><code>${name}</code> <code class="soft">${typeOf(schema)}</code>${below(schema)}</li>`,
  )}</ul>`;

function below(schema: JsonSchema): Html | '' {
  const parts = partsOf(schema);
  return parts.length === 0 ? '' : propertiesPart(parts);
}
