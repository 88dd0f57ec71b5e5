import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';

/** Stands in for the commands `aws s3api` of the docs. ENDPOINT names the server. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    bucket: { type: 'string' },
    prefix: { type: 'string' },
    key: { type: 'string' },
    'version-id': { type: 'string' },
    output: { type: 'string' },
    query: { type: 'string' },
  },
});
const [command, file = ''] = positionals;
const client = new S3Client({ endpoint: process.env['ENDPOINT'] ?? '', forcePathStyle: true });
const { bucket: Bucket, prefix: Prefix, key: Key, 'version-id': VersionId, output, query } = values;

/** The one query that is known here, with or without a list in place of a missing one. */
const HIDDEN =
  /^(?:DeleteMarkers|(?<safe>\(DeleteMarkers \|\| `\[\]`\)))\[\?IsLatest && LastModified>=`(?<since>[\d-]+)`\]\.\[Key,VersionId\]$/;

/** Prints as the AWS CLI does: a line each, its columns between tabs; `None` for a missing list. */
function asText({ DeleteMarkers: markers }: ListObjectVersionsCommandOutput): string {
  const { safe, since } = HIDDEN.exec(query ?? '')?.groups ?? {};
  if (since === undefined) throw new Error(`The query is not known here: ${query}`);
  if (!markers) return safe === undefined ? 'None\n' : '';
  return markers
    .filter(({ IsLatest, LastModified }) => IsLatest && (LastModified?.toISOString() ?? '') >= since)
    .map((marker) => `${marker.Key}\t${marker.VersionId}\n`)
    .join('');
}

if (command === 'list-object-versions') {
  const listed = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  process.stdout.write(
    output === 'text' ? asText(listed) : JSON.stringify({ Versions: listed.Versions ?? [] }),
  );
} else if (command === 'get-object') {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  await writeFile(file, (await Body?.transformToString()) ?? '');
} else if (command === 'delete-object') {
  await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
} else throw new Error(`s3api ${command} is not known here.`);
