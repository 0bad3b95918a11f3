// Package secrets is the simulated Secrets Manager: secrets with their versions and staging labels, tags, and deletion with or
// without a recovery window.
//
// In go calls of the API with the SDK's own types. Out come answers and changed rows in the region's Secrets. Nothing is really
// encrypted, but a KMS key must be usable for what it protects to be written and read. When a secret was read last is not kept.
// Rotation, replication and resource policies are refused.
//
// It must never answer differently for the same world and the same call, and never put a value into an error.
package secrets
