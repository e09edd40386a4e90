import type { JoinAnswer, SyncAnswer } from './membership.js';

export const NO_BYTES: Buffer = Buffer.alloc(0);

/** An answer to JoinGroup that is an error. */
export function joinRefusal(memberId: string, errorCode: number): JoinAnswer {
  return {
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  };
}

/** An answer to SyncGroup that is an error. */
export function syncRefusal(errorCode: number): SyncAnswer {
  return { errorCode, protocolType: null, protocolName: null, assignment: NO_BYTES };
}
