import { Hono } from 'hono';
import { member } from '../../http/access.ts';
import type { AppEnv } from '../../http/env.ts';
import { limitBody } from '../../http/limit-body.ts';
import { validate } from '../../http/validate.ts';
import {
  duplicateList,
  duplicatesQuery,
  mergeBody,
  merged,
  wishBody,
  wishesChanged,
} from './duplicates.schema.ts';
import type { Duplicates } from './merge.service.ts';

export interface DuplicatesDeps {
  duplicates: Duplicates;
}

const MAX_BODY_BYTES = 16_000;

/** `/api/duplicates`: groups of items that are the same meme, and merges of them. */
export const duplicatesRoutes = ({ duplicates }: DuplicatesDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      member({
        summary: 'Groups of items that are the same meme',
        scope: 'read',
        answers: { 200: duplicateList },
      }),
      validate('query', duplicatesQuery),
      async (c) => c.json(await duplicates.list(c.req.valid('query'), c.var.session)),
    )
    .post(
      '/merge',
      member({
        summary: 'Merge items into another one',
        scope: 'edit',
        answers: { 200: merged },
        errors: ['not_allowed', 'not_found', 'already_merged', 'merge_into_itself'],
      }),
      limitBody(MAX_BODY_BYTES),
      validate('json', mergeBody),
      async (c) => c.json(await duplicates.merge(c.req.valid('json'), c.var.session)),
    )
    .put(
      '/wishes',
      member({
        summary: 'Propose a merge to the owners of the items, or take it back',
        scope: 'edit',
        answers: { 200: wishesChanged },
        errors: ['not_found', 'already_merged', 'merge_into_itself'],
      }),
      limitBody(MAX_BODY_BYTES),
      validate('json', wishBody),
      async (c) => c.json(await duplicates.wish(c.req.valid('json'), c.var.session)),
    );
