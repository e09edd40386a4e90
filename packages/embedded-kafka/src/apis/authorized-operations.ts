/** "Not asked for", in fields of authorised operations: the broker has no authorisation. */
export const OPERATIONS_NOT_ASKED: number = -0x8000_0000;
