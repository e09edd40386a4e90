import type { KafkaTransportOptions } from './connection-options.js';
import { createCluster } from './create-cluster.js';

export interface GroupMember {
  readonly groupId: string;
  readonly memberId: string;
}

/** How long the broker may take to let a member go. */
const PATIENCE_MS = 3_000;

/** Takes a member out of its group over a connection of its own. Rejects when that takes longer than some seconds. */
export async function leaveGroupApart(transport: KafkaTransportOptions, member: GroupMember): Promise<void> {
  const { cluster, sockets } = createCluster(transport, { requestTimeoutMs: PATIENCE_MS });
  const leave = async (): Promise<void> => {
    await cluster.connect();
    const coordinator = await cluster.findGroupCoordinator({ groupId: member.groupId });
    await coordinator.leaveGroup({ ...member });
  };
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    giveUp = setTimeout(() => {
      reject(new Error(`the broker took longer than ${PATIENCE_MS} ms`));
      sockets.cutAll();
    }, PATIENCE_MS);
  });
  try {
    await Promise.race([leave(), late]);
  } finally {
    clearTimeout(giveUp);
    await cluster.disconnect();
  }
}
