import { runReadmeExample } from '@naru/test-services';
import { expect, test, vi } from 'vitest';

test('the example of the README starts a gateway and tells where it is', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  await runReadmeExample(import.meta.url);
  expect(said).toHaveBeenCalledWith([expect.stringMatching(/^127\.0\.0\.1:\d+$/)], expect.stringMatching(/^http:/), []);
  said.mockRestore();
});
