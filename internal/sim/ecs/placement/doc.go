// Package placement decides which container instance gets a task and which task of a service stops.
//
// In go the rows of a cluster, what a task needs, and its peers: the tasks of its service, or of its group, that are to run.
// Out comes an instance, or of every instance the reason why not; or the tasks that stop. AWS's order holds: first what the
// task takes (cpu, memory, ports, network interfaces), then the attributes that it requires, then its constraints, then the
// strategies, each of which decides among those that are equal for the ones before (ECS developer guide, "How Amazon ECS
// places tasks on container instances"). What AWS leaves open is in world.Tuning.
//
// It must never change a row or throw dice that it was not given.
package placement
