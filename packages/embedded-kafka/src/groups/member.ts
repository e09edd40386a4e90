import { ErrorCode } from '../wire/error-codes.js';
import type { JoinAnswer, JoinCall, SyncAnswer } from './membership.js';

const NOT_YET: Omit<JoinAnswer, 'memberId'> = {
  errorCode: ErrorCode.REBALANCE_IN_PROGRESS,
  generationId: -1,
  protocolType: null,
  protocolName: null,
  leader: '',
  skipAssignment: false,
  members: [],
};

/** A member of a consumer group, with its parked answers. */
export class Member {
  readonly id: string;
  assignment: Buffer = Buffer.alloc(0);
  hasSynced = false;
  /** Stops the session's timer. */
  cancelSession: () => void = () => {};
  #call: JoinCall;
  #answerJoin: ((answer: JoinAnswer) => void) | undefined;
  #answerSync: ((answer: SyncAnswer) => void) | undefined;

  constructor(id: string, call: JoinCall) {
    this.id = id;
    this.#call = own(call);
  }

  get lastCall(): JoinCall {
    return this.#call;
  }

  get groupInstanceId(): string | null {
    return this.#call.groupInstanceId;
  }

  get clientId(): string {
    return this.#call.clientId;
  }

  get clientHost(): string {
    return this.#call.clientHost;
  }

  get sessionTimeoutMs(): number {
    return this.#call.sessionTimeoutMs;
  }

  get rebalanceTimeoutMs(): number {
    return this.#call.rebalanceTimeoutMs;
  }

  get protocols(): JoinCall['protocols'] {
    return this.#call.protocols;
  }

  get isJoining(): boolean {
    return this.#answerJoin !== undefined;
  }

  get isSyncing(): boolean {
    return this.#answerSync !== undefined;
  }

  supports(protocol: string): boolean {
    return this.protocols.some(({ name }) => name === protocol);
  }

  metadata(protocol: string | null): Buffer | undefined {
    return this.protocols.find(({ name }) => name === protocol)?.metadata;
  }

  hasSameProtocols(call: JoinCall): boolean {
    return (
      call.protocols.length === this.protocols.length &&
      call.protocols.every(({ name, metadata }, index) => {
        const mine = this.protocols[index]!;
        return mine.name === name && mine.metadata.equals(metadata);
      })
    );
  }

  update(call: JoinCall): void {
    this.#call = own(call);
  }

  /** Keeps the answer to JoinGroup back; a second JoinGroup of the same member, on another connection, replaces the first. */
  parkJoin(): Promise<JoinAnswer> {
    this.answerJoin({ ...NOT_YET, memberId: this.id });
    return new Promise((resolve) => {
      this.#answerJoin = resolve;
    });
  }

  answerJoin(answer: JoinAnswer): void {
    this.#answerJoin?.(answer);
    this.#answerJoin = undefined;
  }

  parkSync(): Promise<SyncAnswer> {
    return new Promise((resolve) => {
      this.#answerSync = resolve;
    });
  }

  answerSync(answer: SyncAnswer): void {
    this.#answerSync?.(answer);
    this.#answerSync = undefined;
  }
}

/** Copies what would otherwise keep the whole frame of the request in memory. */
function own(call: JoinCall): JoinCall {
  return {
    ...call,
    protocols: call.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
  };
}
