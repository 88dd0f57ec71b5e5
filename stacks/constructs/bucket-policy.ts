/** Subject of a statement: everybody, or a principal of Scaleway's IAM. */
type Principal = '*' | `application_id:${string}` | `user_id:${string}`;

export interface Statement {
  sid: string;
  principal: Principal;
  actions: readonly `s3:${string}`[];
  /**
   * `bucket` for the bucket itself, `objects` for its contents; an action belongs to one or the
   * other.
   */
  on: readonly ('bucket' | 'objects')[];
}

/**
 * Builds a Scaleway bucket policy as JSON. A bucket with a policy denies everything the policy does
 * not allow. That holds even for principals whose IAM policy allows it, and `Deny` has no effect:
 * https://www.scaleway.com/en/docs/object-storage/api-cli/bucket-policy/
 */
export function bucketPolicy(bucket: string, statements: readonly Statement[]): string {
  const resources = { bucket, objects: `${bucket}/*` };
  return JSON.stringify({
    // The current version. The other one, AWS's 2012-10-17, is deprecated and has other rules.
    Version: '2023-04-17',
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: 'Allow',
      Principal: statement.principal === '*' ? '*' : { SCW: statement.principal },
      Action: statement.actions,
      Resource: statement.on.map((target) => resources[target]),
    })),
  });
}
