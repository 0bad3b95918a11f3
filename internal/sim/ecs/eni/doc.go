// Package eni is the network interfaces of tasks with the network mode awsvpc (ECS developer guide, "Task networking with the
// awsvpc network mode").
//
// In go network configurations, tasks and container instances; out come checked configurations, interfaces in EC2, and how
// many an instance has left. With the account setting awsvpcTrunking an instance that can registers with a trunk and has more
// (ECS developer guide, "Increasing Amazon ECS Linux container instance network interfaces"). It must never decide where a
// task goes.
package eni
