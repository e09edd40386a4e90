import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import { ErrorCode } from '../wire/error-codes.js';
import { Member } from './member.js';
import type { JoinAnswer, JoinCall, LeaveCall, MemberRef, SyncAnswer, SyncCall } from './membership.js';
import { OffsetStore } from './offset-store.js';
import { joinRefusal, NO_BYTES, syncRefusal } from './refusals.js';
import { Roster } from './roster.js';

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

export interface GroupOptions {
  readonly clock: Clock;
  readonly maxMembers: number;
  /** Wait of an empty group for more members before its first generation, in ms. */
  readonly initialRebalanceDelayMs: number;
}

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
  readonly #roster = new Roster();
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
    return this.#roster[Symbol.iterator]();
  }

  get isEmpty(): boolean {
    return this.#roster.places === 0;
  }

  join(call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    if (this.#state === 'Dead') return joinRefusal(call.memberId, ErrorCode.COORDINATOR_NOT_AVAILABLE);
    if (!this.#fitsProtocols(call)) return joinRefusal(call.memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    if (call.memberId === '') return this.#joinNew(call);
    if (this.#roster.unexpect(call.memberId)) return this.#admit(call, call.memberId);
    const fenced = this.#roster.identify(call);
    if (fenced !== ErrorCode.NONE) return joinRefusal(call.memberId, fenced);
    return this.#rejoin(this.#roster.get(call.memberId)!, call);
  }

  #joinNew(call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    const known = this.#roster.byInstance(call.groupInstanceId);
    if (known) return this.#replaceStatic(known, call);
    if (this.#roster.places >= this.#options.maxMembers) {
      return joinRefusal(call.memberId, ErrorCode.GROUP_MAX_SIZE_REACHED);
    }
    const memberId = `${call.groupInstanceId ?? call.clientId}-${randomUUID()}`;
    if (call.groupInstanceId !== null || !call.requiresKnownMemberId) return this.#admit(call, memberId);
    const cancel = this.#options.clock.schedule(call.sessionTimeoutMs, () => {
      this.#roster.unexpect(memberId);
      this.#completeJoinIfAll();
    });
    this.#roster.expect(memberId, cancel);
    return joinRefusal(memberId, ErrorCode.MEMBER_ID_REQUIRED);
  }

  #admit(call: JoinCall, memberId: string): Promise<JoinAnswer> {
    const member = new Member(memberId, call);
    this.#roster.add(member);
    this.#protocolType = call.protocolType;
    const answer = member.parkJoin();
    this.#prepareRebalance();
    return answer;
  }

  /** A static member came back under its instance id: it takes its place over, and the old member id is fenced. */
  #replaceStatic(old: Member, call: JoinCall): Promise<JoinAnswer> | JoinAnswer {
    const memberId = `${call.groupInstanceId}-${randomUUID()}`;
    const wasLeader = this.#leaderId === old.id;
    old.answerJoin(joinRefusal(old.lastCall.memberId, ErrorCode.FENCED_INSTANCE_ID));
    old.answerSync(syncRefusal(ErrorCode.FENCED_INSTANCE_ID));
    old.cancelSession();
    const member = new Member(memberId, call);
    member.assignment = old.assignment;
    const sameProtocols = old.hasSameProtocols(call);
    this.#roster.remove(old);
    this.#roster.add(member);
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
    if (this.#roster.size === 0) return true;
    if (call.protocolType !== this.#protocolType) return false;
    return call.protocols.some(({ name }) => this.#roster.allSupport(name, call.memberId));
  }

  #prepareRebalance(): void {
    if (this.#state === 'CompletingRebalance') {
      for (const member of this.#roster) {
        member.assignment = NO_BYTES;
        member.answerSync(syncRefusal(ErrorCode.REBALANCE_IN_PROGRESS));
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
      this.#cancelPhaseTimer = this.#options.clock.schedule(this.#roster.longestRebalanceTimeoutMs, () =>
        this.#completeJoin(),
      );
    }
    this.#completeJoinIfAll();
  }

  #completeJoinIfAll(): void {
    if (this.#state !== 'PreparingRebalance' || this.#roster.hasPending) return;
    for (const member of this.#roster) if (!member.isJoining) return;
    this.#completeJoin();
  }

  #completeJoin(): void {
    this.#cancelPhaseTimer();
    this.#cancelPhaseTimer = none;
    // Static members keep their place until their session ends.
    for (const member of [...this.#roster]) {
      if (!member.isJoining && member.groupInstanceId === null) this.#forget(member);
    }
    this.#generationId++;
    if (this.#roster.size === 0) {
      this.#becomeEmpty();
      return;
    }
    const joined = [...this.#roster].filter((member) => member.isJoining);
    if (joined.length === 0) {
      // Only static members that have not come back are left: wait on.
      this.#cancelPhaseTimer = this.#options.clock.schedule(this.#roster.longestRebalanceTimeoutMs, () =>
        this.#completeJoin(),
      );
      return;
    }
    if (!joined.some((member) => member.id === this.#leaderId)) this.#leaderId = joined[0]!.id;
    this.#protocolName = this.#roster.vote();
    this.#state = 'CompletingRebalance';
    for (const member of joined) {
      member.assignment = NO_BYTES;
      member.hasSynced = false;
      this.#keepAlive(member);
      member.answerJoin(this.#joined(member));
    }
    this.#cancelPhaseTimer = this.#options.clock.schedule(this.#roster.longestRebalanceTimeoutMs, () =>
      this.#expireUnsynced(),
    );
  }

  #expireUnsynced(): void {
    for (const member of [...this.#roster]) if (!member.hasSynced) this.#forget(member);
    this.#afterRemoval();
  }

  sync(call: SyncCall): Promise<SyncAnswer> | SyncAnswer {
    const error = this.#checkGeneration(call);
    if (error !== ErrorCode.NONE) return syncRefusal(error);
    if (call.protocolType !== null && call.protocolType !== this.#protocolType) {
      return syncRefusal(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (call.protocolName !== null && call.protocolName !== this.#protocolName) {
      return syncRefusal(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    const member = this.#roster.get(call.memberId)!;
    if (this.#state === 'PreparingRebalance') return syncRefusal(ErrorCode.REBALANCE_IN_PROGRESS);
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
      const member = this.#roster.get(memberId);
      if (member) member.assignment = Buffer.from(assignment);
    }
    for (const member of this.#roster) {
      if (!member.isSyncing) continue;
      this.#keepAlive(member);
      member.answerSync(this.#synced(member));
    }
  }

  heartbeat(call: MemberRef): number {
    const error = this.#checkGeneration(call);
    if (error !== ErrorCode.NONE) return error;
    this.#keepAlive(this.#roster.get(call.memberId)!);
    return this.#state === 'PreparingRebalance' ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
  }

  leave(call: LeaveCall): number {
    if (this.#roster.unexpect(call.memberId)) {
      this.#completeJoinIfAll();
      return ErrorCode.NONE;
    }
    const memberId =
      call.memberId === '' && call.groupInstanceId !== null
        ? (this.#roster.byInstance(call.groupInstanceId)?.id ?? '')
        : call.memberId;
    const error = this.#roster.identify({ memberId, groupInstanceId: call.groupInstanceId });
    if (error !== ErrorCode.NONE) return error;
    const member = this.#roster.get(memberId)!;
    this.#forget(member);
    this.#afterRemoval();
    return ErrorCode.NONE;
  }

  /** Whether a commit by this member in this generation counts; generation -1 is a consumer that manages itself. */
  checkCommit(call: MemberRef): number {
    if (call.generationId < 0 && call.memberId === '') {
      return this.#roster.size === 0 ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
    }
    const error = this.#checkGeneration(call);
    if (error !== ErrorCode.NONE) return error;
    if (this.#state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS;
    this.#keepAlive(this.#roster.get(call.memberId)!);
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
    this.#roster.unexpectAll();
    for (const member of [...this.#roster]) this.#forget(member);
  }

  #checkGeneration(call: MemberRef): number {
    if (this.#state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
    const error = this.#roster.identify(call);
    if (error !== ErrorCode.NONE) return error;
    return call.generationId === this.#generationId ? ErrorCode.NONE : ErrorCode.ILLEGAL_GENERATION;
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
    this.#roster.remove(member);
    if (this.#leaderId === member.id) this.#leaderId = null;
    member.answerJoin(joinRefusal(member.lastCall.memberId, ErrorCode.UNKNOWN_MEMBER_ID));
    member.answerSync(syncRefusal(ErrorCode.UNKNOWN_MEMBER_ID));
  }

  #afterRemoval(): void {
    if (this.#state === 'PreparingRebalance') this.#completeJoinIfAll();
    else if (this.#roster.size > 0) this.#prepareRebalance();
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
        ? [...this.#roster].map((each) => ({
            memberId: each.id,
            groupInstanceId: each.groupInstanceId,
            metadata: each.metadata(this.#protocolName) ?? NO_BYTES,
          }))
        : [],
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
}
