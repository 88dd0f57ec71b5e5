import { sql, type Kysely } from 'kysely';

const COLUMNS = `
  select format('%s.%s: %s', c.relname, a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid),
      'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
      'storage ' || a.attstorage::text, 'statistics ' || nullif(a.attstattarget, -1))) as text
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm') and a.attnum > 0
    and not a.attisdropped
  order by c.relname, a.attnum`;
const CONSTRAINTS = `
  select format('%s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as text
  from pg_constraint where connamespace = 'public'::regnamespace order by 1`;
const INDEXES = `select indexdef as text from pg_indexes where schemaname = 'public' order by 1`;
const FUNCTIONS = `
  select pg_get_functiondef(p.oid) as text from pg_proc p
  where p.pronamespace = 'public'::regnamespace
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by 1`;
const TRIGGERS = `
  select pg_get_triggerdef(t.oid) as text from pg_trigger t
  where not t.tgisinternal order by 1`;
const TYPES = `
  select t.typname as text from pg_type t
  where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd') order by 1`;

const PARTS = {
  columns: COLUMNS,
  constraints: CONSTRAINTS,
  indexes: INDEXES,
  functions: FUNCTIONS,
  triggers: TRIGGERS,
  types: TYPES,
};

/** A database's schema in PostgreSQL's own words, by kind of object. */
export type SchemaText = Record<keyof typeof PARTS, string[]>;

/** Reads the schema `public`, without what belongs to extensions. */
export async function readSchema<DB>(db: Kysely<DB>): Promise<SchemaText> {
  const read = async (query: string) =>
    (await sql.raw<{ text: string }>(query).execute(db)).rows.map(({ text }) => text);
  return {
    columns: await read(PARTS.columns),
    constraints: await read(PARTS.constraints),
    indexes: await read(PARTS.indexes),
    functions: await read(PARTS.functions),
    triggers: await read(PARTS.triggers),
    types: await read(PARTS.types),
  };
}
