import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clients/manual-clock.js';
import { ErrorCode } from '../wire/error-codes.js';
import { Group } from './group.js';
import type { JoinAnswer, JoinCall, SyncAnswer } from './membership.js';

describe('Group', () => {
  let clock: ManualClock;
  let group: Group;

  beforeEach(() => {
    clock = new ManualClock();
    group = new Group('g', { clock, maxMembers: 3, initialRebalanceDelayMs: 0 });
  });

  const call = (options: Partial<JoinCall> = {}): JoinCall => ({
    clientId: 'c',
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 30_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('m') }],
    requiresKnownMemberId: false,
    ...options,
  });

  const join = async (options: Partial<JoinCall> = {}): Promise<JoinAnswer> => group.join(call(options));

  const sync = (
    { memberId, generationId }: Pick<JoinAnswer, 'memberId' | 'generationId'>,
    assignments: Record<string, string> = {},
    groupInstanceId: string | null = null,
  ): Promise<SyncAnswer> =>
    Promise.resolve(
      group.sync({
        memberId,
        generationId,
        groupInstanceId,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: Object.entries(assignments).map(([id, text]) => ({ memberId: id, assignment: Buffer.from(text) })),
      }),
    );

  const beat = ({ memberId, generationId }: JoinAnswer, groupInstanceId: string | null = null): number =>
    group.heartbeat({ memberId, generationId, groupInstanceId });

  /** A group of two in its second generation, both synced. */
  const twoMembers = async (): Promise<[JoinAnswer, JoinAnswer]> => {
    const alone = await join();
    await sync(alone, { [alone.memberId]: 'all' });
    const second = join();
    const first = await join({ memberId: alone.memberId });
    const both: [JoinAnswer, JoinAnswer] = [first, await second];
    const synced = sync(both[1]);
    await sync(both[0], { [both[0].memberId]: 'left', [both[1].memberId]: 'right' });
    expect((await synced).assignment.toString()).toBe('right');
    return both;
  };

  it('asks a new member to join again under the id it is given', async () => {
    const asked = await join({ requiresKnownMemberId: true });
    expect(asked.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
    expect(asked.memberId).toMatch(/^c-/);
    const joined = await join({ memberId: asked.memberId, requiresKnownMemberId: true });
    expect(joined).toMatchObject({ errorCode: 0, generationId: 1, leader: asked.memberId, memberId: asked.memberId });
  });

  it('forgets a given id that is not used within the session', async () => {
    const { memberId } = await join({ requiresKnownMemberId: true });
    clock.advance(10_000);
    expect((await join({ memberId })).errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(group.isEmpty).toBe(true);
  });

  it('tells only the leader about the members, and everybody the leader’s assignments', async () => {
    const [first, second] = await twoMembers();
    expect(first.generationId).toBe(2);
    expect(first.leader).toBe(second.leader);
    expect([first.members.length, second.members.length].toSorted()).toEqual([0, 2]);
    expect(group.state).toBe('Stable');
  });

  it('tells members of a rebalance by their heartbeats', async () => {
    const [first, second] = await twoMembers();
    expect(beat(first)).toBe(ErrorCode.NONE);
    void join();
    expect(beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    expect(beat(second)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    expect((await sync(first)).errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  });

  it('removes a member whose session ends', async () => {
    const [first, second] = await twoMembers();
    clock.advance(6000);
    expect(beat(first)).toBe(ErrorCode.NONE);
    clock.advance(6000);
    expect(group.state).toBe('PreparingRebalance');
    expect(beat(second)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect((await join({ memberId: first.memberId })).generationId).toBe(3);
  });

  it('goes on without members that do not join again within the rebalance timeout', async () => {
    const [first, second] = await twoMembers();
    const third = join();
    for (let step = 0; step < 5; step++) {
      clock.advance(6000);
      beat(first);
      beat(second);
    }
    expect(await third).toMatchObject({ errorCode: 0, generationId: 3 });
    expect([...group.members]).toHaveLength(1);
  });

  it('goes on without members that joined but never synced', async () => {
    const alone = await join();
    for (let step = 0; step < 5; step++) {
      clock.advance(6000);
      beat(alone);
    }
    expect(group.state).toBe('Empty');
    expect(beat(alone)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('lets the leader start a rebalance by joining again, and others not when nothing changed', async () => {
    const [first, second] = await twoMembers();
    const follower = first.leader === first.memberId ? second : first;
    expect(await join({ memberId: follower.memberId })).toMatchObject({ errorCode: 0, generationId: 2 });
    void join({ memberId: follower.leader });
    expect(group.state).toBe('PreparingRebalance');
  });

  it('rebalances when a member leaves, and is empty after the last', async () => {
    const [first, second] = await twoMembers();
    expect(group.leave({ memberId: second.memberId, groupInstanceId: null })).toBe(ErrorCode.NONE);
    expect(beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    expect(group.leave({ memberId: first.memberId, groupInstanceId: null })).toBe(ErrorCode.NONE);
    expect(group.state).toBe('Empty');
    expect(group.leave({ memberId: first.memberId, groupInstanceId: null })).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(clock.waiting).toBe(0);
  });

  it('refuses members without a common protocol, wrong generations and members above the limit', async () => {
    const [first] = await twoMembers();
    const other = [{ name: 'sticky', metadata: Buffer.alloc(0) }];
    expect((await join({ protocols: other })).errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    expect((await join({ protocolType: 'connect' })).errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    expect(beat({ ...first, generationId: 1 })).toBe(ErrorCode.ILLEGAL_GENERATION);
    void join();
    expect((await join()).errorCode).toBe(ErrorCode.GROUP_MAX_SIZE_REACHED);
  });

  it('takes commits of members of this generation, and of anybody while there are no members', async () => {
    const anybody = { memberId: '', groupInstanceId: null, generationId: -1 };
    expect(group.checkCommit(anybody)).toBe(ErrorCode.NONE);
    const [first] = await twoMembers();
    expect(group.checkCommit({ ...first, groupInstanceId: null })).toBe(ErrorCode.NONE);
    expect(group.checkCommit({ ...first, groupInstanceId: null, generationId: 1 })).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(group.checkCommit(anybody)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  it('gives a static member its place back without a rebalance, and fences the old one', async () => {
    const old = await join({ groupInstanceId: 'i' });
    await sync(old, { [old.memberId]: 'mine' }, 'i');
    const back = await join({ groupInstanceId: 'i' });
    expect(back).toMatchObject({
      errorCode: 0,
      generationId: old.generationId,
      leader: back.memberId,
      skipAssignment: true,
    });
    expect((await sync(back, {}, 'i')).assignment.toString()).toBe('mine');
    expect(beat(old, 'i')).toBe(ErrorCode.FENCED_INSTANCE_ID);
    expect(beat(back, 'i')).toBe(ErrorCode.NONE);
  });

  it('waits for the initial delay when it has one', async () => {
    group = new Group('g', { clock, maxMembers: 3, initialRebalanceDelayMs: 500 });
    const joins = Promise.all([join(), join()]);
    clock.advance(500);
    expect((await joins).map(({ generationId }) => generationId)).toEqual([1, 1]);
  });
});
