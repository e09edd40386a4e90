/** What `/config` says of the servers, as far as it matters here. */
export interface ShownServers {
  readonly kafka?: { readonly brokers?: unknown };
  readonly registry?: { readonly url?: unknown };
  readonly redis?: { readonly url?: unknown };
}

/** The line that nobody may miss while something is embedded; null when all servers are real. */
export function embeddedWords({ kafka, registry, redis }: ShownServers): string | null {
  const embedded = [
    ...(kafka?.brokers === 'embedded' ? ['Kafka'] : []),
    ...(registry?.url === 'embedded' ? ['schema registry'] : []),
    ...(redis?.url === 'memory' ? ['connection state'] : []),
  ];
  return embedded.length === 0
    ? null
    : `Not for production: ${embedded.join(', ')} ${embedded.length > 1 ? 'are' : 'is'} embedded in this process and kept nowhere.`;
}
