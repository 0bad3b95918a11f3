// Package service reads what runs in a cluster: a service with its deployments and tasks, the targets they are registered at,
// and what they need.
//
// In: a Cloud, what is asked about. Out: deploy's snapshots and live's captures, as plain values. It reads only. It decides
// nothing, and lets no value of an environment variable into a capture.
package service
