/** What a proxy does to the bytes that pass. Nothing by default. */
export interface Toxics {
  /** How long every byte is held back, each way, milliseconds. Default 0. */
  readonly delayMs?: number;
  /** Most bytes a second, of each connection and each way. Default unlimited. */
  readonly bytesPerSecond?: number;
  /** Most bytes handed on in one piece, so that frames arrive in parts. Default unlimited. */
  readonly pieceBytes?: number;
  /** Nothing passes either way, while connections stay open and new ones are accepted: a silent network. Default false. */
  readonly frozen?: boolean;
  /** New connections are reset at once. Default false. */
  readonly refusing?: boolean;
  /** A connection is reset when that many bytes have come back from the server. Default never. */
  readonly cutAfterBytes?: number;
}
