import { topicConfigDefinitions } from './topic-configs.js';

/** Where a setting's value comes from, by the numbers of the protocol. */
export const ConfigSource = { TOPIC: 1, STATIC_BROKER: 4, STANDARD: 5 } as const;

export interface DescribedConfig {
  readonly name: string;
  readonly value: string;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly configType: number;
}

/** All settings of a topic with their values, those that were set on it and the standards of the others. */
export function describeTopicConfigs(configs: ReadonlyMap<string, string>): readonly DescribedConfig[] {
  return Object.entries(topicConfigDefinitions).map(([name, { type, standard }]) => {
    const own = configs.get(name);
    return {
      name,
      value: own ?? standard,
      readOnly: false,
      configSource: own === undefined ? ConfigSource.STANDARD : ConfigSource.TOPIC,
      isSensitive: false,
      configType: type,
    };
  });
}
