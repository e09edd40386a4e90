import type { IncomingMessage } from 'node:http';
import { ApiProblem } from './api-problem.js';

export const maxBodyBytes: number = 16 * 1024;

/** The fields of a JSON object in the request's body; none for an empty one. */
export async function readFields(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new ApiProblem(413, `Send at most ${maxBodyBytes} bytes.`, { connection: 'close' });
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ApiProblem(400, 'The body is not JSON. Send one object.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ApiProblem(
      400,
      'The body is no JSON object. Send one, such as {"reason": "maintenance", "author": "kim"}.',
    );
  }
  return value as Record<string, unknown>;
}

/** Text of an operator, short enough to be kept and free of control characters. */
export function textField(fields: Readonly<Record<string, unknown>>, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !/^[^\p{Cc}]{1,200}$/u.test(value)) {
    throw new ApiProblem(400, `"${name}" is needed: 1 to 200 characters on one line.`);
  }
  return value;
}

export function integerField(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  max: number,
  min = 0,
): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw new ApiProblem(400, `"${name}" takes a whole number from ${min} to ${max}.`);
  }
  return value as number;
}

export function flagField(fields: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw new ApiProblem(400, `"${name}" takes true or false.`);
  return value;
}

/** An offset, which may be beyond 2^53 and so is text. */
export function offsetField(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) {
    throw new ApiProblem(400, `"${name}" takes an offset as text, such as "42".`);
  }
  return value;
}

/** @throws ApiProblem 400 naming a field that means nothing here. */
export function refuseOthers(fields: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) {
    throw new ApiProblem(
      400,
      `"${other.slice(0, 50).replace(/\p{Cc}/gu, '?')}" means nothing here; there are ${known.join(', ')}.`,
    );
  }
}
