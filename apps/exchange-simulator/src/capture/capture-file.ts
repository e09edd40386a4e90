import { SimulatorError } from '../simulator-error.js';

/** One frame of a capture and when it came, in milliseconds since the first. */
export interface CapturedFrame {
  readonly atMs: number;
  readonly data: string | Buffer;
}

/**
 * A capture is a text file of one JSON object per line:
 *
 *     {"at_ms":12.5,"text":"…"}      a text frame
 *     {"at_ms":13.0,"base64":"…"}    a binary one
 */
export const formatCapturedFrame = ({ atMs, data }: CapturedFrame): string =>
  JSON.stringify(
    typeof data === 'string' ? { at_ms: atMs, text: data } : { at_ms: atMs, base64: data.toString('base64') },
  );

/**
 * Reads a capture.
 * @throws SimulatorError `invalid_capture`, naming the line
 */
export function parseCapture(content: string): CapturedFrame[] {
  return content
    .split('\n')
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => parseLine(line, number));
}

function parseLine(line: string, number: number): CapturedFrame {
  let entry: { at_ms?: unknown; text?: unknown; base64?: unknown } | null;
  try {
    entry = JSON.parse(line);
  } catch (cause) {
    throw new SimulatorError('invalid_capture', `Line ${number} of the capture is not JSON; record it again.`, cause);
  }
  const { at_ms, text, base64 } = entry ?? {};
  if (typeof at_ms === 'number' && at_ms >= 0) {
    if (typeof text === 'string') return { atMs: at_ms, data: text };
    if (typeof base64 === 'string') return { atMs: at_ms, data: Buffer.from(base64, 'base64') };
  }
  throw new SimulatorError('invalid_capture', `Line ${number} of the capture lacks at_ms and text or base64.`);
}
