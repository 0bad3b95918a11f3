// Package service reads what a deployment must know, and what tells why one failed: what the cluster gives, what of a service's needs
// stands, and what runs.
//
// In: a cloud.Cloud and what is asked about. Out: plain values of given, deploy and live. It writes nothing and decides nothing, asks
// only for what the question needs, and lets no value of an environment variable into a capture.
package service
