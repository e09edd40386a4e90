import { ErrorCode } from '../wire/error-codes.js';
import type { Member } from './member.js';
import type { MemberRef } from './membership.js';

/** Who is in a group: its members, their instance ids, and the ids that were given out and have not joined yet. */
export class Roster {
  readonly #members = new Map<string, Member>();
  /** Member id by instance id of static members. */
  readonly #instances = new Map<string, string>();
  /** Ids that were given out by MEMBER_ID_REQUIRED, with the undo of their expiry. */
  readonly #pending = new Map<string, () => void>();

  /** Members that have joined. */
  get size(): number {
    return this.#members.size;
  }

  get hasPending(): boolean {
    return this.#pending.size > 0;
  }

  /** Places taken, those of ids that have not joined yet included. */
  get places(): number {
    return this.#members.size + this.#pending.size;
  }

  [Symbol.iterator](): IterableIterator<Member> {
    return this.#members.values();
  }

  get(memberId: string): Member | undefined {
    return this.#members.get(memberId);
  }

  /** The static member of an instance id. */
  byInstance(groupInstanceId: string | null): Member | undefined {
    return groupInstanceId === null ? undefined : this.get(this.#instances.get(groupInstanceId) ?? '');
  }

  add(member: Member): void {
    this.#members.set(member.id, member);
    if (member.groupInstanceId !== null) this.#instances.set(member.groupInstanceId, member.id);
  }

  /** Takes a member out; its instance id only while nobody else has it. */
  remove(member: Member): void {
    this.#members.delete(member.id);
    const { groupInstanceId } = member;
    if (groupInstanceId !== null && this.#instances.get(groupInstanceId) === member.id) {
      this.#instances.delete(groupInstanceId);
    }
  }

  /** @param cancel undoes its expiry */
  expect(memberId: string, cancel: () => void): void {
    this.#pending.set(memberId, cancel);
  }

  /** Whether it was awaited; it is no more. */
  unexpect(memberId: string): boolean {
    this.#pending.get(memberId)?.();
    return this.#pending.delete(memberId);
  }

  unexpectAll(): void {
    for (const memberId of [...this.#pending.keys()]) this.unexpect(memberId);
  }

  /** Whether somebody is who he says; an error code. */
  identify({ memberId, groupInstanceId }: Pick<MemberRef, 'memberId' | 'groupInstanceId'>): number {
    if (groupInstanceId !== null) {
      const holder = this.#instances.get(groupInstanceId);
      if (holder === undefined) return ErrorCode.UNKNOWN_MEMBER_ID;
      if (holder !== memberId) return ErrorCode.FENCED_INSTANCE_ID;
    }
    return this.#members.has(memberId) ? ErrorCode.NONE : ErrorCode.UNKNOWN_MEMBER_ID;
  }

  get longestRebalanceTimeoutMs(): number {
    let longest = 0;
    for (const member of this) longest = Math.max(longest, member.rebalanceTimeoutMs);
    return longest;
  }

  /** Whether every member speaks a protocol, but for one that is about to change its mind. */
  allSupport(protocol: string, exceptMemberId?: string): boolean {
    for (const member of this) if (member.id !== exceptMemberId && !member.supports(protocol)) return false;
    return true;
  }

  /** The protocol that most members prefer among those that all support. */
  vote(): string {
    const votes = new Map<string, number>();
    for (const member of this) {
      const choice = member.protocols.find(({ name }) => this.allSupport(name))!.name;
      votes.set(choice, (votes.get(choice) ?? 0) + 1);
    }
    return [...votes].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
  }
}
