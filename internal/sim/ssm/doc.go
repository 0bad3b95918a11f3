// Package ssm is the simulated Systems Manager Parameter Store: the public parameters that AWS publishes about its
// machine images, and nothing else. The account has no parameters of its own.
//
// In go calls with the SDK's own types. Out come the parameters that the catalogue of package ec2 yields at the world's
// time. It must never keep state or give two answers at one moment of one world.
package ssm
