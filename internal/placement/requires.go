package placement

import (
	"slices"
	"strings"

	"berth/internal/document"
)

// The beginnings of the names of what agents can do; ECS gave the longer one to the older capabilities.
const (
	older = "com.amazonaws.ecs.capability."
	newer = "ecs.capability."
)

// requires are the attributes that ECS derives from a definition, in the order of their names. A description of a registered
// one has them already (ECS API reference, TaskDefinition: requiresAttributes; ECS developer guide, "Amazon ECS container
// agent capabilities").
func requires(definition document.Value) []string {
	var out []string
	if derived := definition.Get("requiresAttributes"); derived.There() {
		for _, a := range derived.Items {
			text := a.Get("name").Text
			if value := a.Get("value"); value.There() {
				text += "=" + value.Text
			}
			out = append(out, text)
		}
		return out
	}
	for _, c := range definition.Get("containerDefinitions").Items {
		out = append(out, ofContainer(c, definition.Get("executionRoleArn").There())...)
	}
	out = append(out, ofTask(definition)...)
	slices.Sort(out)
	return slices.Compact(out)
}

// ofTask is what a task as a whole requires.
func ofTask(definition document.Value) []string {
	var out []string
	mode := definition.Get("networkMode").Text
	role := definition.Get("taskRoleArn").There()
	for _, one := range []struct {
		is   bool
		name string
	}{
		{mode == "awsvpc", newer + "task-eni"},
		{role, older + "task-iam-role"},
		{role && mode == "host", older + "task-iam-role-network-host"},
		{definition.Get("cpu").There() || definition.Get("memory").There(), newer + "task-cpu-mem-limit"},
		{definition.Get("pidMode").There() || definition.Get("ipcMode").There(), newer + "pid-ipc-namespace-sharing"},
	} {
		if one.is {
			out = append(out, one.name)
		}
	}
	for _, v := range definition.Get("volumes").Items {
		out = append(out, ofVolume(v)...)
	}
	switch definition.Get("runtimePlatform", "cpuArchitecture").Text {
	case "X86_64":
		out = append(out, "ecs.cpu-architecture=x86_64")
	case "ARM64":
		out = append(out, "ecs.cpu-architecture=arm64")
	}
	return out
}

func ofVolume(v document.Value) []string {
	var out []string
	if docker := v.Get("dockerVolumeConfiguration"); docker.There() {
		driver := docker.Get("driver").Text
		if driver == "" {
			driver = "local"
		}
		out = append(out, newer+"docker-plugin."+driver)
	}
	if efs := v.Get("efsVolumeConfiguration"); efs.There() {
		out = append(out, newer+"efs")
		if efs.Get("transitEncryption").Text == "ENABLED" || efs.Get("authorizationConfig").There() {
			out = append(out, newer+"efsAuth")
		}
	}
	return out
}

// ofContainer is what one container requires; role tells whether the task has an execution role.
func ofContainer(c document.Value, role bool) []string {
	driver := c.Get("logConfiguration", "logDriver").Text
	ecr := strings.Contains(c.Get("image").Text, ".dkr.ecr.")
	out := []string{older + "docker-remote-api.1.18"}
	for _, one := range []struct {
		is   bool
		name string
	}{
		{c.Get("memoryReservation").There(), older + "docker-remote-api.1.21"},
		{c.Get("linuxParameters", "initProcessEnabled").True(), older + "docker-remote-api.1.25"},
		{c.Get("privileged").True(), older + "privileged-container"},
		{c.Get("healthCheck").There(), newer + "container-health-check"},
		{c.Get("restartPolicy", "enabled").True(), newer + "container-restart-policy"},
		{len(c.Get("dependsOn").Items) > 0, newer + "container-ordering"},
		{len(c.Get("environmentFiles").Items) > 0, newer + "env-files.s3"},
		{c.Get("firelensConfiguration").There(), newer + "firelens." + c.Get("firelensConfiguration", "type").Text},
		{ecr, older + "ecr-auth"},
		{ecr && role, newer + "execution-role-ecr-pull"},
		{c.Get("repositoryCredentials").There(), newer + "private-registry-authentication.secretsmanager"},
		{driver != "", older + "logging-driver." + driver},
		{driver == "awslogs" && role, newer + "execution-role-awslogs"},
	} {
		if one.is {
			out = append(out, one.name)
		}
	}
	for _, s := range c.Get("secrets").Items {
		out = append(out, newer+"secrets."+store(s)+".environment-variables")
	}
	for _, s := range c.Get("logConfiguration", "secretOptions").Items {
		out = append(out, newer+"secrets."+store(s)+".bootstrap.log-driver")
	}
	for _, m := range c.Get("portMappings").Items {
		if m.Get("containerPortRange").There() {
			out = append(out, newer+"network.container-port-range")
		}
	}
	return out
}

// store is the agent's name of the store that a secret is in.
func store(secret document.Value) string {
	if strings.Contains(secret.Get("valueFrom").Text, ":secretsmanager:") {
		return "asm"
	}
	return "ssm"
}
