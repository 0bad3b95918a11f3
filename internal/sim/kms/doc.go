// Package kms is the simulated Key Management Service: symmetric keys with their policies, aliases, rotation and deletion.
//
// In go calls of the API with the SDK's own types, and other services' question whether a key lets them in. Out come answers
// and changed rows in the region's KMS. The keys that AWS manages for Secrets Manager, SNS and SQS (alias/aws/sns and the like) are always
// there, and let no other service in. Nothing is really encrypted. Keys of other kinds (asymmetric, HMAC, of several regions,
// imported) are refused.
//
// It must never answer differently for the same world and the same call.
package kms
