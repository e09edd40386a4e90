/**
 * What is started. `compose.yaml` and `maven/pom.xml` name the same versions; a test compares them.
 * Kafka is the newest 4.x of which Maven has the server and the console tools; the registry is the newest 3.x
 * that still runs on Java 17, as Kafka does (3.1 and later want 21).
 */
export const versions: { readonly kafka: string; readonly registry: string } = { kafka: '4.3.1', registry: '3.0.9' };
