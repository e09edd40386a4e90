/** What a codec throws, before it unpacks, for bytes that would come to more than is wanted. */
export function tooMuch(maxBytes: number): RangeError {
  return new RangeError(`it unpacks to more than ${maxBytes} bytes`);
}
