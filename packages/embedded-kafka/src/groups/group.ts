import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { ErrorCode } from '../wire/error-codes.js';
import { Member } from './member.js';
import type { JoinAnswer, JoinCall, LeaveCall, MemberRef, SyncAnswer, SyncCall } from './membership.js';
import { OffsetStore } from './offset-store.js';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface GroupOptions {
  readonly clock: Clock;
  readonly maxMembers: number;
  /** Wait of an empty group for more members before its first generation, in ms. */
  readonly initialRebalanceDelayMs: number;
}

const NO_BYTES: Buffer = Buffer.alloc(0);
const none = (): void => {};

/**
 * One consumer group.
 *
 * ```
 * Empty → PreparingRebalance   a member joins; every member has to join again
 *       → CompletingRebalance  all joined, or the rebalance timeout passed; the leader has to send assignments
 *       → Stable               the leader's assignments went to everybody
 * ```
 * Answers to JoinGroup are parked until the join phase is over, those to SyncGroup until the leader has synced.
 */
export class Group {
  readonly id: string;
  readonly offsets: OffsetStore = new OffsetStore();
  readonly #options: GroupOptions;
  readonly #members = new Map<string, Member>();
  /** Member id by instance id of static members. */
  readonly #instances = new Map<string, string>();
  /** Ids that were given out by MEMBER_ID_REQUIRED and have not joined yet, with the undo of their expiry. */
  readonly #pending = new Map<string, () => void>();
  #state: GroupState = 'Empty';
  #generationId = 0;
  #protocolType = '';
  #protocolName: string | null = null;
  #leaderId: string | null = null;
  #cancelPhaseTimer: () => void = none;

  constructor(id: string, options: GroupOptions) {
    this.id = id;
    this.#options = options;
  }

  get state(): GroupState {
    return this.#state;
  }

  get protocolType(): string {
    return this.#protocolType;
  }

  get protocolName(): string | null {
    return this.#protocolName;
  }

  get members(): IterableIterator<Member> {
    return this.#members.values();
  }

  get isEmpty(): boolean {
    return this.#members.size === 0 && this.#pending.size === 0;
  }

  join(call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    if (this.#state === 'Dead') return this.#joinError(call, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    if (!this.#fitsProtocols(call)) return this.#joinError(call, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    if (call.memberId === '') return this.#joinNew(call);
    if (this.#pending.has(call.memberId)) {
      this.#forgetPending(call.memberId);
      return this.#admit(call, call.memberId);
    }
    const fenced = this.#identify(call);
    if (fenced !== ErrorCode.NONE) return this.#joinError(call, fenced);
    return this.#rejoin(this.#members.get(call.memberId)!, call);
  }

  #joinNew(call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    const known = call.groupInstanceId === null ? undefined : this.#instances.get(call.groupInstanceId);
    if (known !== undefined) return this.#replaceStatic(this.#members.get(known)!, call);
    if (this.#members.size + this.#pending.size >= this.#options.maxMembers) {
      return this.#joinError(call, ErrorCode.GROUP_MAX_SIZE_REACHED);
    }
    const memberId = `${call.groupInstanceId ?? call.clientId}-${randomUUID()}`;
    if (call.groupInstanceId !== null || !call.requiresKnownMemberId) return this.#admit(call, memberId);
    const cancel = this.#options.clock.schedule(call.sessionTimeoutMs, () => {
      this.#pending.delete(memberId);
      this.#completeJoinIfAll();
    });
    this.#pending.set(memberId, cancel);
    return { ...this.#joinError(call, ErrorCode.MEMBER_ID_REQUIRED), memberId };
  }

  #admit(call: JoinCall, memberId: string): Promise<JoinAnswer> {
    const member = new Member(memberId, call);
    this.#members.set(memberId, member);
    if (call.groupInstanceId !== null) this.#instances.set(call.groupInstanceId, memberId);
    this.#protocolType = call.protocolType;
    const answer = member.parkJoin();
    this.#prepareRebalance();
    return answer;
  }

  /** A static member came back under its instance id: it takes its place over, and the old member id is fenced. */
  #replaceStatic(old: Member, call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    const memberId = `${call.groupInstanceId}-${randomUUID()}`;
    const wasLeader = this.#leaderId === old.id;
    old.answerJoin(this.#joinError(old.lastCall, ErrorCode.FENCED_INSTANCE_ID));
    old.answerSync({
      errorCode: ErrorCode.FENCED_INSTANCE_ID,
      protocolType: null,
      protocolName: null,
      assignment: NO_BYTES,
    });
    old.cancelSession();
    const member = new Member(memberId, call);
    member.assignment = old.assignment;
    const sameProtocols = old.hasSameProtocols(call);
    this.#members.delete(old.id);
    this.#members.set(memberId, member);
    this.#instances.set(call.groupInstanceId!, memberId);
    if (wasLeader) this.#leaderId = memberId;
    if (this.#state === 'Stable' && sameProtocols) {
      this.#keepAlive(member);
      return { ...this.#joined(member), skipAssignment: wasLeader };
    }
    const answer = member.parkJoin();
    if (this.#state === 'PreparingRebalance') this.#completeJoinIfAll();
    else this.#prepareRebalance();
    return answer;
  }

  #rejoin(member: Member, call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    const unchanged = member.hasSameProtocols(call);
    const mayKeep =
      unchanged &&
      (this.#state === 'CompletingRebalance' || (this.#state === 'Stable' && this.#leaderId !== member.id));
    member.update(call);
    if (mayKeep) {
      this.#keepAlive(member);
      return this.#joined(member);
    }
    const answer = member.parkJoin();
    if (this.#state === 'PreparingRebalance') this.#completeJoinIfAll();
    else this.#prepareRebalance();
    return answer;
  }

  #fitsProtocols(call: JoinCall): boolean {
    if (call.protocolType === '' || call.protocols.length === 0) return false;
    if (this.#members.size === 0) return true;
    if (call.protocolType !== this.#protocolType) return false;
    return call.protocols.some(({ name }) => this.#supportedByAll(name, call.memberId));
  }

  #supportedByAll(protocol: string, exceptMemberId?: string): boolean {
    for (const member of this.#members.values()) {
      if (member.id !== exceptMemberId && !member.supports(protocol)) return false;
    }
    return true;
  }

  #prepareRebalance(): void {
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.#members.values()) {
        member.assignment = NO_BYTES;
        member.answerSync(this.#syncError(ErrorCode.REBALANCE_IN_PROGRESS));
      }
    }
    const wasEmpty = this.#state === 'Empty';
    if (this.#state !== 'PreparingRebalance') {
      this.#state = 'PreparingRebalance';
      this.#cancelPhaseTimer();
      const delayMs = this.#options.initialRebalanceDelayMs;
      if (wasEmpty && delayMs > 0) {
        this.#cancelPhaseTimer = this.#options.clock.schedule(delayMs, () => this.#completeJoin());
        return;
      }
      this.#cancelPhaseTimer = this.#options.clock.schedule(this.#rebalanceTimeoutMs(), () => this.#completeJoin());
    }
    this.#completeJoinIfAll();
  }

  #rebalanceTimeoutMs(): number {
    let longest = 0;
    for (const member of this.#members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs);
    return longest;
  }

  #completeJoinIfAll(): void {
    if (this.#state !== 'PreparingRebalance' || this.#pending.size > 0) return;
    for (const member of this.#members.values()) if (!member.isJoining) return;
    this.#completeJoin();
  }

  #completeJoin(): void {
    this.#cancelPhaseTimer();
    this.#cancelPhaseTimer = none;
    // Static members keep their place until their session ends.
    for (const member of [...this.#members.values()]) {
      if (!member.isJoining && member.groupInstanceId === null) this.#forget(member);
    }
    this.#generationId++;
    if (this.#members.size === 0) {
      this.#becomeEmpty();
      return;
    }
    const joined = [...this.#members.values()].filter((member) => member.isJoining);
    if (joined.length === 0) {
      // Only static members that have not come back are left: wait on.
      this.#cancelPhaseTimer = this.#options.clock.schedule(this.#rebalanceTimeoutMs(), () => this.#completeJoin());
      return;
    }
    if (!joined.some((member) => member.id === this.#leaderId)) this.#leaderId = joined[0]!.id;
    this.#protocolName = this.#vote();
    this.#state = 'CompletingRebalance';
    for (const member of joined) {
      member.assignment = NO_BYTES;
      member.hasSynced = false;
      this.#keepAlive(member);
      member.answerJoin(this.#joined(member));
    }
    this.#cancelPhaseTimer = this.#options.clock.schedule(this.#rebalanceTimeoutMs(), () => this.#expireUnsynced());
  }

  /** The protocol that most members prefer among those that all support. */
  #vote(): string {
    const votes = new Map<string, number>();
    for (const member of this.#members.values()) {
      const choice = member.protocols.find(({ name }) => this.#supportedByAll(name))!.name;
      votes.set(choice, (votes.get(choice) ?? 0) + 1);
    }
    return [...votes].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
  }

  #expireUnsynced(): void {
    for (const member of [...this.#members.values()]) if (!member.hasSynced) this.#forget(member);
    this.#afterRemoval();
  }

  sync(call: SyncCall): Promise<SyncAnswer> | SyncAnswer {
    const error = this.#checkGeneration(call);
    if (error !== ErrorCode.NONE) return this.#syncError(error);
    if (call.protocolType !== null && call.protocolType !== this.#protocolType) {
      return this.#syncError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (call.protocolName !== null && call.protocolName !== this.#protocolName) {
      return this.#syncError(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    const member = this.#members.get(call.memberId)!;
    if (this.#state === 'PreparingRebalance') return this.#syncError(ErrorCode.REBALANCE_IN_PROGRESS);
    member.hasSynced = true;
    this.#keepAlive(member);
    if (this.#state === 'Stable') return this.#synced(member);
    const answer = member.parkSync();
    if (member.id === this.#leaderId) this.#assign(call.assignments);
    return answer;
  }

  #assign(assignments: SyncCall['assignments']): void {
    this.#state = 'Stable';
    this.#cancelPhaseTimer();
    this.#cancelPhaseTimer = none;
    for (const { memberId, assignment } of assignments) {
      const member = this.#members.get(memberId);
      if (member) member.assignment = Buffer.from(assignment);
    }
    for (const member of this.#members.values()) {
      if (!member.isSyncing) continue;
      this.#keepAlive(member);
      member.answerSync(this.#synced(member));
    }
  }

  heartbeat(call: MemberRef): number {
    const error = this.#checkGeneration(call);
    if (error !== ErrorCode.NONE) return error;
    this.#keepAlive(this.#members.get(call.memberId)!);
    return this.#state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
  }

  leave(call: LeaveCall): number {
    if (this.#pending.has(call.memberId)) {
      this.#forgetPending(call.memberId);
      this.#completeJoinIfAll();
      return ErrorCode.NONE;
    }
    const memberId =
      call.memberId === '' && call.groupInstanceId !== null
        ? (this.#instances.get(call.groupInstanceId) ?? '')
        : call.memberId;
    const error = this.#identify({ memberId, groupInstanceId: call.groupInstanceId });
    if (error !== ErrorCode.NONE) return error;
    const member = this.#members.get(memberId)!;
    this.#forget(member);
    this.#afterRemoval();
    return ErrorCode.NONE;
  }

  /** Whether a commit by this member in this generation counts; generation -1 is a consumer that manages itself. */
  checkCommit(call: MemberRef): number {
    if (call.generationId < 0 && call.memberId === '') {
      return this.#members.size === 0 ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }
    const error = this.#checkGeneration(call);
    if (error !== ErrorCode.NONE) return error;
    if (this.#state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS;
    this.#keepAlive(this.#members.get(call.memberId)!);
    return ErrorCode.NONE;
  }

  /** Like `checkCommit`, but for the offsets of a transaction, where all of the member's marks are optional. */
  checkTransactionalCommit(call: MemberRef): number {
    if (call.memberId === '' && call.groupInstanceId === null && call.generationId < 0) return ErrorCode.NONE;
    return this.#checkGeneration(call);
  }

  /** Ends the group for good. */
  die(): void {
    this.#state = 'Dead';
    this.#cancelPhaseTimer();
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
    for (const member of [...this.#members.values()]) this.#forget(member);
  }

  #checkGeneration(call: MemberRef): number {
    if (this.#state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    const error = this.#identify(call);
    if (error !== ErrorCode.NONE) return error;
    return call.generationId === this.#generationId ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
  }

  #identify(call: Pick<MemberRef, 'memberId' | 'groupInstanceId'>): number {
    if (call.groupInstanceId !== null) {
      const holder = this.#instances.get(call.groupInstanceId);
      if (holder === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
      if (holder !== call.memberId) return ErrorCode.FENCED_INSTANCE_ID;
    }
    return this.#members.has(call.memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  }

  #keepAlive(member: Member): void {
    member.cancelSession();
    member.cancelSession = this.#options.clock.schedule(member.sessionTimeoutMs, () => this.#expire(member));
  }

  #expire(member: Member): void {
    // A parked request shows that the member lives; the answer starts its session anew.
    if (member.isJoining || member.isSyncing) return;
    this.#forget(member);
    this.#afterRemoval();
  }

  #forget(member: Member): void {
    member.cancelSession();
    this.#members.delete(member.id);
    if (member.groupInstanceId !== null && this.#instances.get(member.groupInstanceId) === member.id) {
      this.#instances.delete(member.groupInstanceId);
    }
    if (this.#leaderId === member.id) this.#leaderId = null;
    member.answerJoin(this.#joinError(member.lastCall, ErrorCode.UNKNOWN_MEMBER_ID));
    member.answerSync(this.#syncError(ErrorCode.UNKNOWN_MEMBER_ID));
  }

  #forgetPending(memberId: string): void {
    this.#pending.get(memberId)?.();
    this.#pending.delete(memberId);
  }

  #afterRemoval(): void {
    if (this.#state === 'PreparingRebalance') this.#completeJoinIfAll();
    else if (this.#members.size > 0) this.#prepareRebalance();
    else {
      this.#generationId++;
      this.#becomeEmpty();
    }
  }

  #becomeEmpty(): void {
    this.#cancelPhaseTimer();
    this.#cancelPhaseTimer = none;
    this.#state = 'Empty';
    this.#leaderId = null;
    this.#protocolName = null;
  }

  #joined(member: Member): JoinAnswer {
    const isLeader = member.id === this.#leaderId;
    return {
      errorCode: ErrorCode.NONE,
      generationId: this.#generationId,
      protocolType: this.#protocolType,
      protocolName: this.#protocolName,
      leader: this.#leaderId ?? '',
      skipAssignment: false,
      memberId: member.id,
      members: isLeader
        ? [...this.#members.values()].map((each) => ({
            memberId: each.id,
            groupInstanceId: each.groupInstanceId,
            metadata: each.metadata(this.#protocolName) ?? NO_BYTES,
          }))
        : [],
    };
  }

  #joinError(call: Pick<JoinCall, 'memberId'>, errorCode: number): JoinAnswer {
    return {
      errorCode,
      generationId: -1,
      protocolType: null,
      protocolName: null,
      leader: '',
      skipAssignment: false,
      memberId: call.memberId,
      members: [],
    };
  }

  #synced(member: Member): SyncAnswer {
    return {
      errorCode: ErrorCode.NONE,
      protocolType: this.#protocolType,
      protocolName: this.#protocolName,
      assignment: member.assignment,
    };
  }

  #syncError(errorCode: number): SyncAnswer {
    return { errorCode, protocolType: null, protocolName: null, assignment: NO_BYTES };
  }
}
