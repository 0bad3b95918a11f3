// Package advice words what to type against a failure.
//
// In: names that a diagnosis found. Out: commands and lines that are complete: whoever copies one need not add to it. It decides
// nothing about what failed, and names nothing that it was not given.
package advice

import (
	"fmt"
	"strconv"
	"strings"

	"berth/internal/diagnose/reason"
)

// Log is where a container's log is: of the log driver awslogs, or else on its instance.
type Log struct {
	Region    string // where the log group is
	Group     string // empty: the container does not log to CloudWatch Logs
	Prefix    string // of the stream; empty: streams are named after the container's id in Docker
	Container string
	Task      string // id of the task
	Host      string // id of its instance
}

// window is how far back the log is read. Without it aws logs tail shows the last ten minutes only, and the container may have
// ended an hour ago, which is as long as ECS knows its task.
const window = "2h"

// Read is the command that shows a container's last lines (AWS CLI reference, logs tail; ECS developer guide, "Example Amazon ECS
// task definition: Route logs to CloudWatch": the stream is prefix/container/task).
func (l Log) Read() string {
	if l.Group == "" {
		name := l.Container
		if name == "" {
			name = "of the task"
		}
		return fmt.Sprintf("read its log on %s: docker logs of container %s; give it an awslogs logConfiguration in taskdef.json so that logs outlive instances", l.Host, name)
	}
	text := "read its last lines: aws logs tail " + l.Group
	if l.Prefix != "" && l.Container != "" {
		text += fmt.Sprintf(" --log-stream-names %s/%s/%s", l.Prefix, l.Container, l.Task)
	}
	return text + " --since " + window + " --region " + l.Region
}

// Access is how tasks get a login, which is another way for each registry.
func Access(image string) string {
	host := reason.Registry(image)
	if strings.Contains(host, ".dkr.ecr.") {
		return "attach AmazonEC2ContainerRegistryReadOnly to the task execution role, or for another account's repository allow this account in the repository's policy; and see whether the repository is there: aws ecr describe-repositories"
	}
	return fmt.Sprintf("give the registry a login, registries = { %q = { username = \"…\", password_env = \"…\" } } in ecs.tfvars, berth apply, and repositoryCredentials in taskdef.json; and see whether the repository's name is right", host)
}

// Half is a number of MiB and half as much again.
func Half(text string) string {
	n, _ := strconv.Atoi(text)
	return strconv.Itoa(n + n/2)
}

// mostProtect is how many tasks one call may unprotect (ECS API reference, UpdateTaskProtection).
const mostProtect = 10

// Unprotect is the command that ends the protection of tasks.
func Unprotect(region, cluster string, tasks []string) string {
	return fmt.Sprintf("let the work end; or end the protection: aws ecs update-task-protection --region %s --cluster %s --no-protection-enabled --tasks %s",
		region, cluster, strings.Join(tasks[:min(len(tasks), mostProtect)], " "))
}

// Stop is the command that stops a task.
func Stop(region, cluster, task string) string {
	return fmt.Sprintf("aws ecs stop-task --region %s --cluster %s --task %s", region, cluster, task)
}
