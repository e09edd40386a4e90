import { InfraError } from '../infra-error.js';
import { runCommand } from '../process/run-command.js';

/** Programs of the machine that the local servers run on. */
export interface Programs {
  readonly java: string;
  readonly redis: string;
}

type Prerequisite = 'java' | 'mvn' | 'redis-server' | 'tar';

const oldestJava = 17;

const packages: Record<'apt-get' | 'dnf' | 'brew', Record<Prerequisite, string>> = {
  'apt-get': { java: 'openjdk-17-jre-headless', mvn: 'maven', 'redis-server': 'redis-server', tar: 'tar' },
  dnf: { java: 'java-17-openjdk-headless', mvn: 'maven', 'redis-server': 'valkey', tar: 'tar' },
  brew: { java: 'openjdk', mvn: 'maven', 'redis-server': 'valkey', tar: 'gnu-tar' },
};

/**
 * Finds every program that will be needed. What is missing is named all at once, with the command that mends it.
 * Maven and tar are asked for only when something must be downloaded.
 */
export async function findPrograms(options: {
  readonly downloads: boolean;
  readonly signal?: AbortSignal;
}): Promise<Programs> {
  const java = process.env.JAVA_HOME ? `${process.env.JAVA_HOME}/bin/java` : 'java';
  const answers = async (program: string, ...args: string[]): Promise<boolean> =>
    (await runCommand(program, args, { signal: options.signal })).code === 0;
  const [javaVersion, mvn, redis, valkey, tar] = await Promise.all([
    runCommand(java, ['-version'], { signal: options.signal }),
    options.downloads ? answers('mvn', '-version') : true,
    answers('redis-server', '--version'),
    answers('valkey-server', '--version'),
    options.downloads ? answers('tar', '--version') : true,
  ]);
  options.signal?.throwIfAborted();
  const missing = new Map<Prerequisite, string>();
  const major = javaVersion.code === 0 ? javaMajor(javaVersion.output) : undefined;
  if (major === undefined) missing.set('java', `java (${oldestJava} or newer) was not found`);
  else if (major < oldestJava) missing.set('java', `java is ${major}, Kafka needs ${oldestJava} or newer`);
  if (!mvn) missing.set('mvn', 'mvn (Maven brings Kafka and the registry) was not found');
  if (!redis && !valkey) missing.set('redis-server', 'neither redis-server nor valkey-server was found');
  if (!tar) missing.set('tar', 'tar was not found');
  if (missing.size > 0) {
    throw new InfraError('missing_prerequisite', missingMessage(missing, await installCommand([...missing.keys()])));
  }
  return { java, redis: valkey && !redis ? 'valkey-server' : 'redis-server' };
}

/** 17 from `openjdk version "17.0.15" …`, 8 from `java version "1.8.0_402"`. */
export function javaMajor(versionOutput: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(versionOutput);
  return match ? Number(match[1]) : undefined;
}

export function missingMessage(missing: ReadonlyMap<string, string>, command: string): string {
  return [
    'The local servers need programs that this machine lacks:',
    ...[...missing.values()].map((reason) => `  - ${reason}`),
    `Mend it with: ${command}`,
    'A running Docker engine does as well.',
  ].join('\n');
}

async function installCommand(missing: readonly Prerequisite[]): Promise<string> {
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  for (const manager of ['apt-get', 'dnf', 'brew'] as const) {
    if ((await runCommand(manager, ['--version'])).code !== 0) continue;
    const names = missing.map((program) => packages[manager][program]).join(' ');
    if (manager === 'brew') return `brew install ${names}`;
    const update = manager === 'apt-get' ? `${sudo}apt-get update && ` : '';
    return `${update}${sudo}${manager} install -y ${names}`;
  }
  return `install ${missing.join(', ')} with your package manager and put them on the PATH`;
}
