/** Snapshots are a few hundred kilobytes; more than this is not one. */
const maxSnapshotBytes = 16 * 1024 * 1024;
const timeoutMs = 10_000;

/** Gets what an exchange gives over HTTP only. */
export type FetchSnapshot = (url: string, signal: AbortSignal) => Promise<string>;

/** Gets an exchange's REST answer as text, bounded in size and time. */
export async function fetchSnapshot(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (!response.ok || !response.body) throw new Error(`GET ${url} was answered with ${response.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > maxSnapshotBytes) throw new Error(`GET ${url} answers with more than ${maxSnapshotBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
