import { randomUUID } from 'node:crypto';
import { createTopicNames, type TopicNames, topicNames } from '@naru/core';

/** The specification's topics under names that no other test uses. */
export function uniqueTopicNames(): TopicNames {
  const prefix = randomUUID().slice(0, 8);
  return createTopicNames(
    Object.fromEntries(Object.entries(topicNames).map(([owner, name]) => [owner, `${prefix}.${name}`])),
  );
}
