package agent

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/world"
)

// The prefixes of what an agent can do.
const (
	oldPrefix = definition.OldPrefix
	newPrefix = definition.NewPrefix
)

// capabilities are the attributes without a choice that an agent registers, and those that its configuration decides
// (ECS agent, "agent capabilities"; Docker 25 speaks the API up to 1.44).
func capabilities(conf Config) []world.ECSAttribute {
	var out []world.ECSAttribute
	add := func(prefix string, names ...string) {
		for _, n := range names {
			out = append(out, world.ECSAttribute{Name: prefix + n})
		}
	}
	add(newPrefix, "private-registry-authentication.secretsmanager", "secrets.ssm.environment-variables",
		"secrets.ssm.bootstrap.log-driver", "ecr-endpoint", "secrets.asm.environment-variables", "secrets.asm.bootstrap.log-driver",
		"container-ordering", "full-sync", "env-files.s3", "network.container-port-range", "container-restart-policy")
	if !conf.unprivileged {
		add(oldPrefix, "privileged-container")
	}
	for minor := 17; minor <= 44; minor++ {
		add(oldPrefix, fmt.Sprintf("docker-remote-api.1.%d", minor))
	}
	for _, d := range conf.drivers {
		add(oldPrefix, "logging-driver."+d)
	}
	if conf.selinux {
		add(oldPrefix, "selinux")
	}
	if conf.apparmor {
		add(oldPrefix, "apparmor")
	}
	add(oldPrefix, "task-iam-role", "task-iam-role-network-host")
	add(newPrefix, "task-cpu-mem-limit", "increased-task-cpu-limit", "task-eni", "task-eni.ipv6")
	out = append(out, world.ECSAttribute{Name: newPrefix + "cni-plugin-version", Value: "dc7bf41-2024.09.0", HasValue: true})
	if conf.blockMetadata {
		add(newPrefix, "task-eni-block-instance-metadata")
	}
	add(newPrefix, "task-eni-trunking")
	out = append(out, world.ECSAttribute{Name: newPrefix + "branch-cni-plugin-version", Value: "dc7bf41-2024.09.0", HasValue: true})
	add(oldPrefix, "ecr-auth")
	add(newPrefix, "execution-role-ecr-pull")
	if !conf.noHealthCheck {
		add(newPrefix, "container-health-check")
	}
	add(newPrefix, "execution-role-awslogs", "docker-plugin.local", "docker-plugin.amazon-ecs-volume-plugin",
		"pid-ipc-namespace-sharing", "aws-appmesh", "task-eia", "task-eia.optimized-cpu", "firelens.fluentd", "firelens.fluentbit")
	add(oldPrefix, "logging-driver.awsfirelens")
	add(newPrefix, "logging-driver.awsfirelens.log-driver-buffer-limit", "efs", "firelens.options.config.file",
		"firelens.options.config.s3", "efsAuth", "execute-command", "service-connect-v1", "storage.ebs-task-volume-attach",
		"fault-injection", "ipv6-only")
	return out
}

// Attributes are all that a new container instance has: the agent's, the owner's and the server's.
func Attributes(i *world.Instance, image ec2.Image, conf Config) []world.ECSAttribute {
	out := capabilities(conf)
	valued := func(name, value string) {
		out = append(out, world.ECSAttribute{Name: name, Value: value, HasValue: true})
	}
	valued("ecs.os-type", "linux")
	valued("ecs.os-family", "LINUX")
	valued("ecs.cpu-architecture", image.Architecture)
	valued("ecs.availability-zone", i.Zone)
	valued("ecs.instance-type", i.Type)
	valued("ecs.ami-id", i.ImageID)
	valued("ecs.vpc-id", i.VPCID)
	valued("ecs.subnet-id", i.SubnetID)
	for _, a := range conf.attributes {
		out = append(out, world.ECSAttribute{Name: a.Key, Value: a.Value, HasValue: true, Custom: true})
	}
	return out
}

// BuiltIn tells whether an attribute's name belongs to ECS.
func BuiltIn(name string) bool {
	return slices.ContainsFunc([]string{"ecs.", "com.amazonaws.ecs."}, func(p string) bool { return strings.HasPrefix(name, p) })
}
