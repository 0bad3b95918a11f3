// Package ssm is the simulated Systems Manager Parameter Store: the public parameters that AWS publishes about its
// machine images, and those of the account that somebody has said to be there. No call makes or changes one.
//
// In go calls with the SDK's own types. Out come the parameters that the catalogue of package ec2 yields at the world's
// time, and the kept ones. It must never give two answers at one moment of one world.
package ssm
