import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that speaks in lines: the first says that it is ready, then it may be asked. */
export interface LineProcess {
  readonly pid: number;
  readonly readyLine: string;
  /** Writes a line to its stdin and resolves with the next line it prints. */
  ask(line: string): Promise<string>;
  /** Asks it to stop with SIGTERM; resolves with the last line it printed. */
  stop(): Promise<string>;
}

export interface LineProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take to be ready, to answer and to stop, in ms each. Default 60,000. */
  readonly limitMs?: number;
}

/** Starts it and waits for its first line; what it wrote to stderr is in the error if none comes. */
export async function startLineProcess(options: LineProcessOptions): Promise<LineProcess> {
  const { command, args, cwd, env, limitMs = 60_000 } = options;
  const child = spawn(command, [...args], { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  let last = '';
  const waiting: ((line: string) => void)[] = [];
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2_000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line;
    waiting.shift()?.(line);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  const nextLine = (): Promise<string> => new Promise((resolve) => waiting.push(resolve));
  const within = async (what: string, line: Promise<string>): Promise<string> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(resolve, limitMs, `it took longer than ${limitMs} ms`);
    });
    const failure = Promise.race([ended, late]).then((reason) => {
      throw new Error(`${command} ${args.join(' ')} ${what}: ${reason}.\n${complaints}`);
    });
    failure.catch(() => {});
    try {
      return await Promise.race([line, failure]);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
  const readyLine = await within('was not ready', nextLine());
  return {
    pid: child.pid!,
    readyLine,
    ask: (line) => {
      child.stdin.write(`${line}\n`);
      return within('did not answer', nextLine());
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      await ended;
      clearTimeout(timer);
      return last;
    },
  };
}
