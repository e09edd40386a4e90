import { runReadmeExample } from '@naru/test-services';
import { afterEach, expect, test, vi } from 'vitest';

const said = vi.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => said.mockClear());

test('the example of the README starts a gateway and tells where it is', async () => {
  await runReadmeExample(import.meta.url);
  expect(said).toHaveBeenCalledWith([expect.stringMatching(/^127\.0\.0\.1:\d+$/)], expect.stringMatching(/^http:/), []);
});

test('the example with overrides needs no broker', async () => {
  await runReadmeExample(import.meta.url, 1);
  expect(said).toHaveBeenCalledWith(['schema registry', 'connection state']);
});
