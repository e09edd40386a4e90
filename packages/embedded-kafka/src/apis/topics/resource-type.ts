/** What a setting belongs to, by the numbers of the protocol. */
export const ResourceType = { TOPIC: 2, BROKER: 4 } as const;
