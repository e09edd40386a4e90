import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRepository } from './check-repository.js';
import { describeProblem } from './problem.js';

type Manifest = Record<string, unknown>;

const engines = { node: '>=20.19' };
const entry = { types: './dist/index.d.ts', default: './dist/index.js' };

function manifest(name: string, more: Manifest = {}): string {
  const common = { type: 'module', license: 'MIT', sideEffects: false, engines, files: ['dist'] };
  const published = {
    publishConfig: { access: 'public' },
    exports: { '.': entry, './package.json': './package.json' },
  };
  return JSON.stringify({ name: `@naru/${name}`, description: 'It is.', ...common, ...published, ...more });
}

/** Two packages, an application and a tool that break no rule. */
const sound: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'naru', engines, devDependencies: { vitest: '^4.0.0' } }),
  'packages/core/package.json': manifest('core', { exports: { '.': entry, './testing': testing() } }),
  'packages/core/README.md': '# @naru/core\n\nIt is.\n',
  'packages/core/LICENSE': 'MIT',
  'packages/core/src/index.ts': 'export const one = 1;\n',
  'packages/core/src/testing/index.ts': 'export const two = 2;\n',
  'packages/exchanges/package.json': manifest('exchanges', { dependencies: { '@naru/core': '^0.1.0' } }),
  'packages/exchanges/README.md': '# @naru/exchanges\n\nIt is.\n',
  'packages/exchanges/LICENSE': 'MIT',
  'packages/exchanges/src/index.ts': "export { one } from '@naru/core';\n",
  'apps/gateway/package.json': manifest('gateway', { dependencies: { '@naru/exchanges': '^0.1.0' } }),
  'apps/gateway/README.md': '# @naru/gateway\n\nIt is.\n',
  'apps/gateway/LICENSE': 'MIT',
  'apps/gateway/src/index.ts': "import type { one } from '@naru/exchanges';\nexport type One = typeof one;\n",
  'tools/infra/package.json': manifest('infra', { private: true }),
  'tools/infra/README.md': '# @naru/infra\n\nIt is.\n',
  'tools/infra/src/index.ts': 'export {};\n',
};

function testing(): Record<string, string> {
  return { types: './dist/testing/index.d.ts', default: './dist/testing/index.js' };
}

describe('the repository check', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'repository-check-'));
    await promisify(execFile)('git', ['init', '--quiet', root]);
  });
  afterEach(() => rm(root, { recursive: true }));

  /** The sound tree with some files replaced (or, with null, left out), checked. */
  const check = async (changes: Record<string, string | null> = {}): Promise<string[]> => {
    for (const [path, text] of Object.entries({ ...sound, ...changes })) {
      if (text === null) continue;
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return (await checkRepository(root)).problems.map(describeProblem);
  };

  /** One problem, in this file, with both what is wrong and how to mend it. */
  const expectOne = async (changes: Record<string, string | null>, start: string, mend: RegExp): Promise<void> => {
    const problems = await check(changes);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.startsWith(start), problems[0]).toBe(true);
    expect(problems[0]).toMatch(mend);
  };

  it('has nothing against a sound tree, and leaves ignored files alone', async () => {
    expect(
      await check({ '.gitignore': 'dist/\n', 'packages/core/dist/x.ts': "import '@naru/gateway'; // TO" + 'DO' }),
    ).toEqual([]);
  });

  describe('on import directions', () => {
    it.each([
      ['static', "import { x } from '@naru/exchanges';"],
      ['type-only', "import type { x } from '@naru/exchanges';"],
      ['re-exported', "export { x } from '@naru/exchanges';"],
      ['dynamic', "export const x = await import('@naru/exchanges');"],
      ['in a type', "export type X = import('@naru/exchanges').X;"],
    ])('refuses an upward import that is %s', async (_, code) => {
      const changes = {
        'packages/core/src/index.ts': `\n${code}\n`,
        'packages/core/package.json': manifest('core', { dependencies: { '@naru/exchanges': '^0.1.0' } }),
        'packages/core/src/testing/index.ts': null,
      };
      await expectOne(changes, 'packages/core/src/index.ts:2: ', /may import no other package.*small interface/);
    });

    it('lets a test import what is declared for development', async () => {
      expect(
        await check({
          'packages/exchanges/package.json': manifest('exchanges', {
            dependencies: { '@naru/core': '^0.1.0' },
            devDependencies: { '@naru/infra': '^0.1.0' },
          }),
          'packages/exchanges/src/index.test.ts':
            "import '@naru/infra';\nimport { it } from 'vitest';\nit('is', () => {});\n",
        }),
      ).toEqual([]);
    });

    it('refuses an application even in a test', async () => {
      await expectOne(
        {
          'tools/infra/package.json': manifest('infra', {
            private: true,
            devDependencies: { '@naru/gateway': '^0.1.0' },
          }),
          'tools/infra/src/x.test.ts': "import '@naru/gateway';\n",
        },
        'tools/infra/src/x.test.ts:1: ',
        /Nothing imports apps/,
      );
    });

    it('refuses a tool in shipped code', async () => {
      await expectOne(
        {
          'apps/gateway/package.json': manifest('gateway', { dependencies: { '@naru/infra': '^0.1.0' } }),
          'apps/gateway/src/index.ts': "export * from '@naru/infra';\n",
        },
        'apps/gateway/src/index.ts:1: ',
        /a tool of this repository/,
      );
    });

    it('refuses a path that the other package does not export', async () => {
      await expectOne(
        { 'packages/exchanges/src/index.ts': "export { one } from '@naru/core/dist/index.js';\n" },
        'packages/exchanges/src/index.ts:1: ',
        /Import from "@naru\/core" or "@naru\/core\/testing"/,
      );
    });

    it('refuses a relative import that leaves its package', async () => {
      await expectOne(
        { 'apps/gateway/src/deep/x.ts': "export { one } from '../../../../packages/core/src/index.js';\n" },
        'apps/gateway/src/deep/x.ts:1: ',
        /Import the other package by its name/,
      );
    });

    it('knows exports by pattern', async () => {
      const exports = { '.': entry, './data/*': './data/*' };
      const changes = {
        'packages/core/package.json': manifest('core', { exports }),
        'packages/exchanges/src/index.ts': "import '@naru/core/data/a.json';\n",
      };
      expect(await check(changes)).toEqual([]);
    });

    it('asks for the place of a package that it does not know', async () => {
      await expectOne(
        {
          'packages/novel/package.json': manifest('novel'),
          'packages/novel/README.md': '# @naru/novel\n\nIt is.\n',
          'packages/novel/LICENSE': 'MIT',
          'packages/novel/src/index.ts': 'export {};\n',
        },
        'packages/novel/package.json: ',
        /Add it to "allowed"/,
      );
    });
  });

  describe('on dependencies', () => {
    const code = "import 'ws';\nexport { one } from '@naru/core';\n";

    it('refuses an import that is not declared', async () => {
      const changes = { 'packages/exchanges/src/index.ts': code };
      await expectOne(changes, 'packages/exchanges/src/index.ts:1: "ws"', /Add it to "dependencies"/);
    });

    it('refuses a development dependency in shipped code', async () => {
      const dependencies = { '@naru/core': '^0.1.0' };
      await expectOne(
        {
          'packages/exchanges/src/index.ts': code,
          'packages/exchanges/package.json': manifest('exchanges', { dependencies, devDependencies: { ws: '^8.0.0' } }),
        },
        'packages/exchanges/src/index.ts:1: "ws"',
        /Move it to "dependencies"/,
      );
    });

    it('refuses what the root provides, in shipped code of a published package', async () => {
      const changes = { 'packages/core/src/index.ts': "import 'vitest';\n" };
      await expectOne(changes, 'packages/core/src/index.ts:1: "vitest"', /Add it to "dependencies"/);
    });

    it('takes what the build excludes for a part of the tests', async () => {
      const changes = {
        'packages/core/src/oracle/compare.ts': "import 'vitest';\n",
        'packages/core/tsconfig.build.json': JSON.stringify({ exclude: ['src/**/*.test.ts', 'src/oracle'] }),
      };
      expect(await check(changes)).toEqual([]);
    });

    it('refuses a dependency that nothing uses', async () => {
      const changes = { 'packages/core/package.json': manifest('core', { dependencies: { ws: '^8.0.0' } }) };
      await expectOne(changes, 'packages/core/package.json: "ws"', /Remove it/);
    });

    it('lets a package install what one of its own dependencies only asks for', async () => {
      const brings = (name: string): Record<string, string> => ({
        'packages/exchanges/package.json': manifest('exchanges', {
          dependencies: { '@naru/core': '^0.1.0' },
          peerDependencies: { 'lz4-napi': '*' },
        }),
        'packages/exchanges/src/index.ts': "export { one } from '@naru/core';\nexport const codec = 'lz4-napi';\n",
        'apps/gateway/package.json': manifest('gateway', {
          dependencies: { '@naru/exchanges': '^0.1.0' },
          optionalDependencies: { [name]: '^2.0.0' },
        }),
      });
      expect(await check(brings('lz4-napi'))).toEqual([]);
      await expectOne(brings('snappy'), 'apps/gateway/package.json: "snappy"', /Remove it/);
    });

    it('takes a name given to a resolver, and types of a used library, for a use', async () => {
      const used = { dependencies: { ws: '^8.0.0' }, devDependencies: { '@types/ws': '^8.0.0' } };
      const changes = {
        'packages/core/package.json': manifest('core', used),
        'packages/core/src/index.ts': "export const path = import.meta.resolve('ws/package.json');\n",
      };
      expect(await check(changes)).toEqual([]);
    });

    it('refuses what is required, unless its absence is caught', async () => {
      const changes = (code: string): Record<string, string> => ({ 'packages/core/src/index.ts': code });
      await expectOne(changes("require('ws');\n"), 'packages/core/src/index.ts:1: "ws"', /Add it to "dependencies"/);
      expect(await check(changes("try {\n  require('ws');\n} catch {}\n"))).toEqual([]);
    });

    it('refuses two ranges of one library, and a workspace protocol', async () => {
      const changes = {
        'packages/core/package.json': manifest('core', { dependencies: { ws: '^8.0.0' } }),
        'packages/core/src/index.ts': "import 'ws';\n",
        'packages/exchanges/package.json': manifest('exchanges', {
          dependencies: { '@naru/core': 'workspace:*', ws: '^7.0.0' },
        }),
        'packages/exchanges/src/index.ts': code,
      };
      expect(await check(changes)).toEqual([
        'packages/exchanges/package.json: "@naru/core" is "workspace:*". Write a plain range such as "^0.1.0".',
        'packages/exchanges/package.json: "ws" is "^7.0.0" here and "^8.0.0" in packages/core/package.json. Use one.',
      ]);
    });

    it('refuses a client that is imported outside of its adapter', async () => {
      await expectOne(
        {
          'packages/core/package.json': manifest('core', { dependencies: { kafkajs: '2.2.4' } }),
          'packages/core/src/index.ts': "export type { Kafka } from 'kafkajs';\n",
          'packages/core/src/kafkajs/adapter.ts': "import 'kafkajs';\n",
        },
        'packages/core/src/kafkajs/adapter.ts: ',
        /Keep it in one adapter folder/,
      );
    });
  });

  describe('on manifests', () => {
    it.each<[string, Manifest, RegExp]>([
      ['another name', { name: '@naru/heart' }, /Name it "@naru\/core"/],
      ['no description', { description: '' }, /Add one sentence/],
      ['another licence', { license: 'ISC' }, /Set it to "MIT"/],
      ['CommonJS', { type: 'commonjs' }, /Set "type" to "module"/],
      ['unknown side effects', { sideEffects: undefined }, /Set "sideEffects"/],
      ['another Node', { engines: { node: '>=18' } }, /Set it to ">=20\.19"/],
      ['nothing to pack', { files: [] }, /Add "dist" to "files"/],
      ['private publishing', { publishConfig: {} }, /"access": "public"/],
      ['no entry', { exports: {} }, /There is no "\."/],
      ['an entry without types', { exports: { '.': './dist/index.js' } }, /"default": …/],
      ['types after code', { exports: { '.': { default: entry.default, types: entry.types } } }, /Put "types" first/],
      ['a command that is not there', { bin: { x: './dist/x.js' } }, /Add packages\/core\/src\/x\.ts/],
      [
        'a command that does not run',
        { bin: { x: './dist/index.js' } },
        /Begin packages\/core\/src\/index\.ts with "#!/,
      ],
    ])('refuses %s', async (_, change, mend) => {
      const problems = await check({ 'packages/core/package.json': manifest('core', change) });
      const found = problems.filter((problem) => mend.test(problem));
      expect(found, problems.join('\n')).toHaveLength(1);
      expect(found[0]).toMatch(/^packages\/core\/package\.json: /);
    });

    it('refuses an export whose source is missing', async () => {
      const exports = { '.': { types: './dist/absent.d.ts', default: './dist/index.js' } };
      const changes = { 'packages/core/package.json': manifest('core', { exports }) };
      await expectOne(
        changes,
        'packages/core/package.json: ',
        /names \.\/dist\/absent\.d\.ts, which no source becomes/,
      );
    });

    it('refuses a command outside of what is packed', async () => {
      const changes = {
        'packages/core/package.json': manifest('core', { bin: { x: './bin/x.js' } }),
        'packages/core/bin/x.js': '#!/usr/bin/env node\n',
      };
      await expectOne(changes, 'packages/core/package.json: ', /Add "bin" to "files"/);
    });

    it('refuses a tool that could be published by accident', async () => {
      const changes = { 'tools/infra/package.json': manifest('infra') };
      const problems = await check(changes);
      expect(problems).toContain(
        'tools/infra/package.json: Tools, benchmarks and examples are not published. Set "private" to true.',
      );
    });

    it.each<[string, string | null, RegExp]>([
      ['no README', null, /It is missing/],
      ['a README under another name', '# core\n\nIt is.\n', /Begin it with "# @naru\/core"/],
      ['an empty README', '# @naru/core\n\n', /It says nothing/],
    ])('refuses %s', async (_, text, mend) => {
      await expectOne({ 'packages/core/README.md': text }, 'packages/core/README.md:', mend);
    });

    it('refuses a published package without its licence', async () => {
      await expectOne({ 'packages/core/LICENSE': null }, 'packages/core/LICENSE: ', /Copy \/LICENSE/);
    });

    it('says which manifest is not JSON', async () => {
      await expect(check({ 'packages/core/package.json': '{' })).rejects.toThrow(
        'packages/core/package.json is not JSON',
      );
    });
  });

  describe('on links in documents', () => {
    it.each(['./setup.md#first-steps', '../packages/core', '#first-steps', 'https://example.com/none', '`](none)`'])(
      'follows %s',
      async (target) => {
        const text = target.startsWith('`') ? target : `[there](${target})`;
        expect(await check({ 'docs/setup.md': `## First steps\n\n${text}\n` })).toEqual([]);
      },
    );

    it.each([
      ['gone.md', /links to docs\/gone\.md, which is not there/],
      ['#second-steps', /docs\/setup\.md has no such heading/],
    ])('refuses %s', async (target, message) => {
      await expectOne({ 'docs/setup.md': `## First steps\n\n[a](${target})\n` }, 'docs/setup.md:3: ', message);
    });
  });

  describe('on what does not land', () => {
    it.each(['TO' + 'DO', 'FIX' + 'ME', 'not ' + 'implemented'])('refuses %s', async (word) => {
      const changes = { 'packages/core/src/index.ts': `export {};\n// ${word}: later\n` };
      await expectOne(changes, 'packages/core/src/index.ts:2: ', new RegExp(word));
    });

    it.each(['/home' + '/somebody/naru', '/Users' + '/somebody/naru'])('refuses the machine path %s', async (path) => {
      await expectOne({ 'docs/setup.md': `Go to ${path}.\n` }, 'docs/setup.md:1: ', /a path of one machine/);
    });

    it('leaves URLs and ordinary paths alone', async () => {
      expect(
        await check({ 'docs/setup.md': 'https://example.com/home/x/y, /apis/ccompat/v7, ~/.m2/settings.xml\n' }),
      ).toEqual([]);
    });

    it.each(['it.only', 'describe.skip', 'test.todo'])('refuses %s in a test', async (call) => {
      const changes = { 'packages/core/src/a.test.ts': `import { it } from 'vitest';\n${call}('is');\n` };
      await expectOne(changes, `packages/core/src/a.test.ts:2: "${call}"`, /describeReal/);
    });

    it('shows a file that cannot be parsed', async () => {
      const problems = await check({ 'packages/core/src/index.ts': 'export const = 1;\n' });
      expect(problems[0]).toContain('packages/core/src/index.ts: ');
    });
  });
});
