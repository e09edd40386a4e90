import { type KafkajsCluster, kafkajsInternals } from './internals.js';

/**
 * Tells under which id the one member of a cluster asks to join its group. A broker gives an id to who has none, and
 * kafkajs keeps that to itself until the whole group has joined.
 */
export function watchMemberId(cluster: KafkajsCluster, onMemberId: (memberId: string) => void): void {
  const { apiKeys } = kafkajsInternals();
  const find = cluster.findGroupCoordinator.bind(cluster);
  const watched = new WeakSet<object>();
  cluster.findGroupCoordinator = async (question) => {
    const coordinator = await find(question);
    if (watched.has(coordinator)) return coordinator;
    watched.add(coordinator);
    const lookup = coordinator.lookupRequest.bind(coordinator);
    coordinator.lookupRequest = (apiKey, definitions) => {
      const make = lookup(apiKey, definitions);
      if (apiKey !== apiKeys.JoinGroup) return make;
      return (input) => {
        const { memberId } = input as { readonly memberId?: string };
        if (memberId) onMemberId(memberId);
        return make(input);
      };
    };
    return coordinator;
  };
}
