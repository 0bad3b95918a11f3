// Package iam is the simulated IAM: roles, their policies, and instance profiles, for the whole account.
//
// In go calls of IAM's API with the SDK's own types, and other services' need of their service-linked roles. Out come
// answers and changed rows in world.IAM. IAM itself sees what it made at once; what EC2 sees of an instance profile
// lags behind, and the profile's row says until when.
//
// It must never decide whether a caller may do something: every call is allowed, policies are checked for form only.
package iam
