package agent

import (
	"fmt"
	"hash/crc32"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Reachable tells what keeps an agent from ECS: an outage, no way out of its subnet, or no credentials.
func Reachable(w *world.World, r *world.Region, i *world.Instance) error {
	if i.Unreachable || ec2.Deaf(r, i.ID) {
		return fmt.Errorf("dial tcp: ecs.%s.amazonaws.com: i/o timeout", r.Name)
	}
	for _, service := range []string{"ecs", "ecs-agent", "ecs-telemetry"} {
		if !ec2.ReachesService(w, r, i.SubnetID, service, i.PublicIP != "") {
			return fmt.Errorf("dial tcp: %s.%s.amazonaws.com: i/o timeout", service, r.Name)
		}
	}
	p, ok := w.IAM.Profiles.Get(i.ProfileName)
	if !ok || len(p.Roles) == 0 {
		return wire.Errorf("ClientException", "NoCredentialProviders: no valid providers in chain")
	}
	return nil
}

// InstanceTags are the tags of a new container instance: the EC2 instance's where it is told so, its own over them.
func (conf Config) InstanceTags(i *world.Instance) world.Tags {
	var out world.Tags
	for _, t := range i.Tags {
		if conf.EC2Tags && !strings.HasPrefix(t.Key, "aws:") {
			out = append(out, t)
		}
	}
	return out.Set(conf.Tags...)
}

// Hash is the commit that an agent's version says it was built from.
func Hash(version string) string { return fmt.Sprintf("*%08x", crc32.ChecksumIEEE([]byte(version))) }
