// Package s3 is the simulated S3: buckets with their settings, and objects with their versions.
//
// In go calls of S3's API with the SDK's own types, bodies as readers. Out come answers and changed rows in world.S3.
// Reads see every earlier write. Nothing ticks: what a lifecycle rule has expired is dropped when somebody looks.
//
// It must never ask whether a caller may do something (but for other accounts' buckets), and it has no multipart
// uploads, no ACLs and no object lock.
package s3
