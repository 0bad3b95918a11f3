// Package definition is ECS's task definitions: their families, their revisions, and what tasks made from them need.
//
// In go calls of ECS's API; out come answers and rows in world.ECS. A definition that the simulated ECS cannot run can be
// registered, as on AWS; Usable refuses it when tasks are to be made from it. It must never know where tasks run.
package definition
