import { expect, test } from 'vitest';
import { extrasFor } from './empty-project.js';
import { firstExample, importedPackages, withAddresses } from './readme-example.js';

test('takes the first block that is TypeScript or JavaScript', () => {
  const readme = '# x\n\n```sh\nnpm install x\n```\n\n```js\nlet a;\n```\n\n```ts\nlet b;\n```\n';
  expect(firstExample(readme)).toEqual({ language: 'js', code: 'let a;\n' });
  expect(firstExample('# x\n\n```json\n{}\n```\n')).toBeUndefined();
});

test('knows what an example imports', () => {
  const code = `import { a } from '@naru/core/testing';
import ws from 'ws';
import 'ws/wrapper.mjs';
import { once } from 'node:events';
import { local } from './local.js';
`;
  expect(importedPackages(code)).toEqual(['@naru/core', 'ws']);
});

test('installs what the package does not bring, and types for it where there are some apart', () => {
  const example = {
    language: 'ts',
    code: "import { a } from '@naru/core';\nimport { WebSocket } from 'ws';\n",
  } as const;
  const ranges = { ws: '^8.0.0', '@types/ws': '^8.1.0', '@types/node': '^20.0.0' };
  expect(extrasFor(example, ['@naru/core'], ranges).dependencies).toEqual({
    '@types/node': '^20.0.0',
    ws: '^8.0.0',
    '@types/ws': '^8.1.0',
  });
});

test('puts real addresses where the usual ones stand', () => {
  expect(withAddresses("['localhost:9092']", { 'localhost:9092': '127.0.0.1:5' })).toBe("['127.0.0.1:5']");
});
