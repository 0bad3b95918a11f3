package agent

import (
	"fmt"
	"hash/crc32"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Reaches tells what keeps an instance's agent from ECS: no way out of its subnet, or no credentials.
func Reaches(w *world.World, r *world.Region, i *world.Instance) error {
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

// Tags are those of a new container instance: the EC2 instance's where it is told so, its own over them.
func Tags(i *world.Instance, conf Config) world.Tags {
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
