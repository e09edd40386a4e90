/** The same server, but a numbered database that no other suite touches, so that a test may flush it. */
export function ownDatabase(url: string, database: number): string {
  const own = new URL(url);
  own.pathname = `/${database}`;
  return own.href;
}
