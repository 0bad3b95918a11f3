package desired

import "berth/internal/model"

// LogFiles are the files of an instance that are shipped, each to a group of its own.
func LogFiles() []string {
	return []string{
		"/var/log/dmesg", "/var/log/docker", "/var/log/ecs/audit.log", "/var/log/ecs/ecs-agent.log", "/var/log/ecs/ecs-init.log",
		"/var/log/messages",
	}
}

// ContainerLog stands for the log of a system container in the place of a file.
func ContainerLog(name string) string { return "/var/log/containers/" + name }

func (b *builder) logGroups() []model.Resource {
	var out []model.Resource
	files := LogFiles()
	for _, c := range b.c.SystemContainers {
		files = append(files, ContainerLog(c.Name))
	}
	for _, file := range files {
		out = append(out, model.LogGroup{
			File: file, Name: b.c.LogPrefix + file, Days: b.c.LogRetentionDays, Tags: b.tags(model.LogGroupKey(file)),
		})
	}
	return append(out, b.flowLogGroup()...)
}
