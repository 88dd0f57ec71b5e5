import { expect, test } from './fixtures.ts';

test.use({ serverEnv: { OCR: 'off' } });

test('asks once for what the page is told of ahead, although no cache keeps it', async ({ signedIn }) => {
  const asked: string[] = [];
  signedIn.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === '/api/auth/me' || pathname === '/api/media') asked.push(pathname + search);
  });
  const page = await signedIn.goto('/');
  expect((await page?.allHeaders())?.['link']).toContain('</api/auth/me>; rel=preload');
  await expect(signedIn.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
  expect(asked.toSorted()).toEqual(['/api/auth/me', '/api/media?limit=60']);
});
