package desired

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"berth/internal/config"
)

// userData is what an instance reads at its first boot, in the language of its image.
func (b *builder) userData(g config.Group) string {
	if g.AMIFamily == config.Bottlerocket {
		return b.bottlerocketData(g)
	}
	return b.script(g)
}

// script is the script that an instance of Amazon Linux runs at its first boot: it tells the ECS agent where it belongs, ships the
// logs, and then does what the file adds. It never starts the ecs service itself: ecs waits for cloud-init, so
// waiting for ecs here would never end. It sets no shell options, which would also bind the file's commands, and what
// fails does not keep the rest from running: an instance without logs is better than none.
func (b *builder) script(g config.Group) string {
	parts := []string{
		"#!/bin/bash",
		"cat >> /etc/ecs/ecs.config <<'BERTH'\n" + strings.Join(b.agentSettings(g), "\n") + "\nBERTH",
		b.logShipping(g),
	}
	if g.CustomUserData != "" {
		parts = append(parts, strings.TrimRight(g.CustomUserData, "\n"))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// agentSettings are the lines of /etc/ecs/ecs.config (ECS developer guide, "Amazon ECS container agent configuration").
func (b *builder) agentSettings(g config.Group) []string {
	lines := []string{
		"ECS_CLUSTER=" + b.scope.ClusterName(),
		"ECS_AVAILABLE_LOGGING_DRIVERS=" + jsonText(g.LoggingDrivers),
		"ECS_AWSVPC_BLOCK_IMDS=true",
		"ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance",
		"ECS_DISABLE_PRIVILEGED=" + strconv.FormatBool(!privileged(b.c, g.Name)),
		"ECS_ENABLE_TASK_IAM_ROLE=true",
		"ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=1h",
		"ECS_IMAGE_PULL_BEHAVIOR=default",
		"ECS_RESERVED_MEMORY=256",
	}
	if g.Accelerator == config.GPU {
		lines = append(lines, "ECS_ENABLE_GPU_SUPPORT=true")
	}
	if g.Spot {
		lines = append(lines, "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true")
	}
	if len(g.Attributes) > 0 || b.told(g.Name) {
		attributes := map[string]string{}
		for _, a := range g.Attributes {
			attributes[a.Key] = a.Value
		}
		if b.told(g.Name) {
			attributes[groupAttribute] = g.Name
		}
		lines = append(lines, "ECS_INSTANCE_ATTRIBUTES="+jsonText(attributes))
	}
	return lines
}

// logShipping installs the agent that ships the instance's log files. AL2023 has no awslogs any more and keeps its
// system log in the journal; rsyslog writes it to files again.
func (b *builder) logShipping(g config.Group) string {
	install := `dnf install -y amazon-cloudwatch-agent rsyslog
echo ':programname, isequal, "dockerd" /var/log/docker' > /etc/rsyslog.d/docker.conf
systemctl enable --now rsyslog`
	if g.AMIFamily == config.AL2 {
		install = "yum install -y amazon-cloudwatch-agent"
	}
	return fmt.Sprintf(`%s
dmesg > /var/log/dmesg
mkdir -p /opt/aws/amazon-cloudwatch-agent/etc
cat > /opt/aws/amazon-cloudwatch-agent/etc/berth.json <<'BERTH'
%s
BERTH
/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s \
  -c file:/opt/aws/amazon-cloudwatch-agent/etc/berth.json`, install, b.agentLogs())
}

// agentLogs is the CloudWatch agent's configuration: one entry for each log file, one stream for each instance.
func (b *builder) agentLogs() string {
	var files []map[string]string
	for _, file := range LogFiles() {
		files = append(files, map[string]string{
			"file_path": file, "log_group_name": b.c.LogPrefix + file, "log_stream_name": b.scope.ClusterName() + "/{ip_address}",
		})
	}
	return jsonText(map[string]any{"logs": map[string]any{"logs_collected": map[string]any{"files": map[string]any{"collect_list": files}}}})
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and maps of strings always marshal
	}
	return string(b)
}
