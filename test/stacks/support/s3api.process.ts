import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';

/** Stands in for the commands `aws s3api` of docs/recovery.md. ENDPOINT names the server. */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    bucket: { type: 'string' },
    prefix: { type: 'string' },
    key: { type: 'string' },
    'version-id': { type: 'string' },
  },
});
const [command, file = ''] = positionals;
const client = new S3Client({ endpoint: process.env['ENDPOINT'] ?? '', forcePathStyle: true });
const { bucket: Bucket, prefix: Prefix, key: Key, 'version-id': VersionId } = values;

if (command === 'list-object-versions') {
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  process.stdout.write(JSON.stringify({ Versions }));
} else if (command === 'get-object') {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  await writeFile(file, (await Body?.transformToString()) ?? '');
} else throw new Error(`s3api ${command} is not known here.`);
