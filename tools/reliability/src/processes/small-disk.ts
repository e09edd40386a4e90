import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Mounts a file system of `$1` bytes on the folder `$2` and becomes the program that follows. */
const mountAndRun = 'mount -t tmpfs -o size="$1" naru "$2" && shift 2 && exec "$@"';

/** Namespaces of mounts: as root, and as anybody where the kernel lets users have one. */
const namespaces = [['--mount'], ['--map-root-user', '--mount']] as const;

let found: Promise<readonly string[] | string> | undefined;

/**
 * Words to put before a command line, so that it finds a file system of so many bytes in a folder. Only that process
 * sees it, and it is gone with the process, however that ends.
 *
 * @throws Error that says why no file system can be mounted
 */
export async function onSmallDisk(folder: string, bytes: number): Promise<readonly string[]> {
  const namespace = await findNamespace();
  if (typeof namespace === 'string') throw new Error(namespace);
  return [...inNamespace(namespace), 'naru', String(bytes), folder];
}

/** Why `onSmallDisk` cannot do what it is for on this machine; undefined when it can. */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  const namespace = await findNamespace();
  return typeof namespace === 'string' ? namespace : undefined;
}

function findNamespace(): Promise<readonly string[] | string> {
  found ??= tryNamespaces();
  return found;
}

async function tryNamespaces(): Promise<readonly string[] | string> {
  let why = '';
  for (const namespace of namespaces) {
    const [program, ...args] = [...inNamespace(namespace), 'naru', '65536', '/mnt', 'true'];
    try {
      await run(program, args);
      return namespace;
    } catch (error) {
      why = (error as Error).message.trim().split('\n').at(-1) ?? '';
    }
  }
  return `no file system can be mounted here (${why}); run it as root, or where users may have namespaces`;
}

const inNamespace = (namespace: readonly string[]): [string, ...string[]] => [
  'unshare',
  ...namespace,
  'sh',
  '-c',
  mountAndRun,
];
