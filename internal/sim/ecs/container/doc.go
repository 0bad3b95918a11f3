// Package container is what the containers of a task do, from the moment in which their images are there until they have
// ended.
//
// In go a task, its definition and the moment: Step brings the task's containers up to it, Next tells when they do something
// by themselves next. Containers wait for one another as dependsOn says, and end in the reverse order; their programs boot,
// fall ill, end, or are killed; their health checks find out (ECS developer guide, "Container definition parameters").
//
// It must never schedule anything, open a port, or change a task beyond its containers.
package container
