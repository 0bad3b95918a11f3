package desired

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/config"
	"berth/internal/model"
)

// bucketLogins are the registries whose logins the ECS agents have, from the cluster's bucket.
func (b *builder) bucketLogins() []string {
	var out []string
	for _, r := range b.c.Registries {
		if r.Store == config.S3 {
			out = append(out, r.Host+" as "+r.Username)
		}
	}
	return out
}

func (b *builder) agentConfigs() []model.Resource {
	logins := b.bucketLogins()
	if len(logins) == 0 {
		return nil
	}
	return []model.Resource{model.AgentConfig{Registries: logins, Value: model.CurrentValue}}
}

// readAgentConfig lets the instances read their agent's logins, and nothing else of the bucket.
func (b *builder) readAgentConfig() []model.Policy {
	if len(b.bucketLogins()) == 0 {
		return nil
	}
	object := "arn:" + b.scope.Partition + ":s3:::" + b.scope.BucketName() + "/" + model.AgentConfigPath
	return []model.Policy{{Name: registryPolicy, Document: document(statement{Effect: "Allow", Action: []string{"s3:GetObject"}, Resource: []string{object}})}}
}

// mergedSettings are all lines of /etc/ecs/ecs.config: what berth sets, as the file of the cluster may say otherwise, and what
// the file adds.
func (b *builder) mergedSettings(g config.Group) []string {
	lines := b.agentSettings(g)
	for _, own := range g.AgentConfig {
		line := own.Key + "=" + own.Value
		i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, own.Key+"=") })
		if i >= 0 {
			lines[i] = line
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// fetchLogins is the part of the user data that brings the logins from the bucket into the agent's configuration: once
// now, before the agent starts, and every four minutes. The agent starts again when they changed, which tasks survive. The
// service must not be waited for: it waits for cloud-init.
func (b *builder) fetchLogins(g config.Group) string {
	install := "dnf install -y awscli-2"
	if g.AMIFamily == config.AL2 {
		install = "yum install -y awscli"
	}
	return fmt.Sprintf(`command -v aws > /dev/null || %s
cat > /usr/local/sbin/berth-registries <<'BERTH'
#!/bin/bash
set -euo pipefail
umask 077
cd /etc/ecs
got=$(mktemp .got.XXXXXX)
new=$(mktemp .new.XXXXXX)
trap 'rm -f "$got" "$new"' EXIT
aws s3api get-object --region %s --bucket %s --key %s "$got" > /dev/null
grep -v '^ECS_ENGINE_AUTH_' ecs.config > "$new" || true
cat "$got" >> "$new"
if ! cmp -s "$new" ecs.config; then
  mv "$new" ecs.config
  systemctl try-restart --no-block ecs
fi
BERTH
chmod 700 /usr/local/sbin/berth-registries
cat > /etc/systemd/system/berth-registries.service <<'BERTH'
[Unit]
Description=Logins to registries for the ECS agent
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/berth-registries
BERTH
cat > /etc/systemd/system/berth-registries.timer <<'BERTH'
[Timer]
OnCalendar=*:0/4
RandomizedDelaySec=30s
AccuracySec=10s
[Install]
WantedBy=timers.target
BERTH
/usr/local/sbin/berth-registries
systemctl daemon-reload
systemctl enable --now berth-registries.timer`, install, b.scope.Region, b.scope.BucketName(), model.AgentConfigPath)
}
