import { join } from 'node:path';
import { runForJson } from '../harness/child-measurement.js';
import { startLineProcess } from '../harness/line-process.js';
import { repositoryRoot } from '../harness/repository-root.js';
import type { Accounts, Contestant, Run } from './contestant.js';
import { feed } from './feed.js';

const python = process.env.PYTHON ?? 'python3';
const folder = join(repositoryRoot(), 'benchmarks/src/reference');

/** The versions of Python packages that can be imported; others are missing. */
export async function pythonVersions(names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const script =
    'import json,sys,platform\nfrom importlib import metadata\nfound={"python":platform.python_version()}\n' +
    'for name in sys.argv[1:]:\n' +
    ' try: found[name]=metadata.version(name)\n' +
    ' except metadata.PackageNotFoundError: pass\n' +
    'print(json.dumps(found))';
  try {
    return await runForJson(python, ['-c', script, ...names]);
  } catch {
    return {};
  }
}

async function hasPackages(names: readonly string[]): Promise<boolean> {
  const found = await pythonVersions(names);
  return names.every((name) => name in found);
}

/** Starts the program in `stack/`, with what differs from its defaults. */
export function reference(settings: Readonly<Record<string, string>>): Contestant {
  return {
    topics: feed.kinds.map((kind) => `realtime.${kind}.${feed.region}`),
    takesCommands: true,
    format: 'avro',
    async start({ servers, prefix }) {
      const needed = ['websockets', 'orjson', 'fastavro', 'pydantic', 'confluent-kafka', 'redis', 'uvloop'];
      if (!(await hasPackages(needed))) return null;
      const stack = await startLineProcess({
        command: python,
        args: ['-m', 'stack'],
        cwd: folder,
        env: {
          PYTHONDONTWRITEBYTECODE: '1',
          KAFKA_BROKERS: servers.brokers.join(','),
          SCHEMA_REGISTRY_URL: servers.registry,
          REDIS_URL: servers.redis,
          SCHEMAS: join(repositoryRoot(), 'schemas'),
          TOPIC_PREFIX: prefix,
          GROUP: `${prefix}collector`,
          ...settings,
        },
      });
      return {
        pid: stack.pid,
        mark: async () => void (await stack.ask('mark')),
        accounts: async () => JSON.parse(await stack.ask('accounts')) as Accounts,
        stop: async () => void (await stack.stop()),
      };
    },
  };
}

/** cryptofeed with its own Kafka backend, which writes JSON to a topic per kind and symbol. */
export const cryptofeed: Contestant = {
  topics: feed.kinds.flatMap((kind) =>
    feed.symbols.map((code) => {
      const [quote, base] = code.split('-');
      return `${kind === 'trade' ? 'trades' : 'ticker'}-OKX-${base}-${quote}`;
    }),
  ),
  takesCommands: false,
  format: 'json',
  async start({ servers, feed: { url }, prefix }: Run) {
    if (!(await hasPackages(['cryptofeed', 'aiokafka']))) return null;
    const handler = await startLineProcess({
      command: python,
      args: [join(folder, 'cryptofeed_kafka.py'), servers.brokers.join(','), url, prefix, ...feed.symbols],
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      // What waits in its queue is not waited for when it is stopped.
      limitMs: 15_000,
    });
    return {
      pid: handler.pid,
      mark: async () => {},
      accounts: async () => null,
      stop: async () => void (await handler.stop()),
    };
  },
};
