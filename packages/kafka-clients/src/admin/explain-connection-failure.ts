import type { KafkaClientError } from '../kafka-client-error.js';

/** Patterns of what goes wrong on the way to a broker, most telling first, with what to look at. */
const explanations: readonly { readonly pattern: RegExp; readonly explanation: string }[] = [
  {
    pattern: /SASL|authenticat|credential/i,
    explanation: 'The broker refused the credentials. Check the SASL mechanism, the user name and the password.',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|getaddrinfo/i,
    explanation: 'The host name is not known. Check the address for a typing error, and the DNS of this machine.',
  },
  {
    pattern: /ECONNREFUSED/i,
    explanation: 'Nothing listens at the address. Check the port, and whether the broker is running.',
  },
  {
    pattern: /before secure TLS connection/i,
    explanation:
      'The broker hung up before TLS was agreed on, as one does that does not speak TLS at this port. Turn ssl off, or use the port of its TLS listener.',
  },
  {
    pattern: /wrong version number|EPROTO|packet length|SSL routines/i,
    explanation: 'The broker does not speak TLS at this port. Turn ssl off, or use the port of its TLS listener.',
  },
  {
    pattern: /self.signed|certificate|issuer|altname/i,
    explanation:
      "The broker's certificate is not trusted or is for another host. Pass its authority in ssl.ca, or use the host name it was issued for.",
  },
  {
    pattern: /timeout|timed out|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/i,
    explanation:
      'The address does not answer. Check firewalls and networks in between; a broker that wants TLS also stays silent to plain text.',
  },
  {
    pattern: /ECONNRESET|closed|hang up|EPIPE/i,
    explanation:
      'The broker closed the connection at once, as one does that expects TLS or SASL. Check the ssl and sasl options against its listener.',
  },
];

/** A connection error in words: what is wrong, and what to look at. */
export function explainConnectionFailure(error: KafkaClientError): string {
  const chain: Error[] = [];
  for (let at: unknown = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  const broker = chain.map((at) => ('broker' in at ? String(at.broker) : '')).find((address) => address !== '');
  // The innermost error is what happened; those around it only say who noticed.
  for (const at of chain.toReversed()) {
    const text = `${at.name} ${at.message} ${'code' in at ? String(at.code) : ''}`;
    const found = explanations.find(({ pattern }) => pattern.test(text));
    if (!found) continue;
    const where = broker === undefined || at.message.includes(broker) ? '' : `${broker}: `;
    return `${found.explanation} (${where}${at.message})`;
  }
  return error.message;
}
