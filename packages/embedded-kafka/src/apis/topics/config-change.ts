import type { Cluster } from '../../cluster/cluster.js';
import { topicConfigProblem } from '../../cluster/topic-configs.js';
import { ErrorCode } from '../../wire/error-codes.js';
import { ResourceType } from './resource-type.js';

/** The settings after a change, from those before. */
export type ConfigChange = (before: ReadonlyMap<string, string>) => ReadonlyMap<string, string | null>;

export interface ConfigChangeResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** Changes a topic's settings, all or none. */
export function changeConfigs(
  cluster: Cluster,
  { resourceType, resourceName }: { readonly resourceType: number; readonly resourceName: string },
  change: ConfigChange,
  validateOnly: boolean,
): ConfigChangeResult {
  if (resourceType !== ResourceType.TOPIC) {
    return {
      errorCode: ErrorCode.INVALID_REQUEST,
      errorMessage: 'Only settings of topics can be changed; give those of the broker when it is created.',
    };
  }
  const topic = cluster.topics.get(resourceName);
  if (!topic) {
    return {
      errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: `The topic '${resourceName}' does not exist.`,
    };
  }
  const after = change(topic.configs);
  for (const [name, value] of after) {
    const problem = topicConfigProblem(name, value);
    if (problem) return { errorCode: ErrorCode.INVALID_CONFIG, errorMessage: problem };
  }
  if (!validateOnly) {
    topic.configs.clear();
    for (const [name, value] of after) if (value !== null) topic.configs.set(name, value);
    cluster.topics.configured();
  }
  return { errorCode: ErrorCode.NONE, errorMessage: null };
}
