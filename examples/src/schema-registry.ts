// What a deployment should ask before it goes out: is every schema registered, and would the change that somebody made
// break those who read? The answer names the place, and registers nothing.
import { checkCompatibility, createSchemaRegistryClient } from '@naru/schema-registry';
import { createEmbeddedRegistry } from '@naru/schema-registry/testing';

await using registry = await createEmbeddedRegistry({ compatibility: 'FORWARD_TRANSITIVE' });
await using client = createSchemaRegistryClient({ urls: registry.url });

const field = (name: string, type: string): object => ({ name, type });
const trade = (...fields: object[]): string => JSON.stringify({ type: 'record', name: 'Trade', fields });
const first = trade(field('code', 'string'), field('price', 'double'));
const second = trade(field('code', 'string'), field('price', 'double'), field('size', 'double'));

for (const schema of [first, second]) {
  const { id, version } = await client.register('trade-data-value', schema);
  console.log(`registered as version ${version}, id ${id}`);
}

const proposal = trade(field('code', 'string'), field('price', 'string'));
const { compatible, incompatibilities } = checkCompatibility(proposal, [first, second], 'FORWARD_TRANSITIVE');
console.log(compatible ? 'may be deployed' : 'must not be deployed:');
for (const { kind, location, message } of incompatibilities) console.log(`  ${kind} at ${location}: ${message}`);

console.log('versions:', (await client.versions('trade-data-value')).join(', '));
