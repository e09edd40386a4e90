/** Bytes that are not the message they claim to be. The connection that sent them is closed, as Kafka does. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}
