import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('leaves out secrets: passwords, cookies, and the codes in payloads of failed jobs', () => {
  const program = `
    const { createLogger } = await import('./app/logger.ts');
    const log = createLogger('info', false).child({ job: 'shares.make-card' });
    log.warn({ err: new Error('away'), data: { code: 'SECRET', ids: ['1'] } }, 'job failed');
    log.info({ password: 'SECRET', req: { headers: { cookie: 'SECRET', authorization: 'SECRET' } } });`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(printed).toContain('job failed');
  expect(printed).toContain('"ids":["1"]');
  expect(printed).not.toContain('SECRET');
});
