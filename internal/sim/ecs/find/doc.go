// Package find is how ECS's calls name clusters and container instances.
//
// In go names, ids and ARNs; out come rows, or ECS's refusals. It must never change anything.
package find
