package agent

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Reachable tells what keeps an agent from ECS: an outage, no way out of its subnet, or no credentials. An agent that takes
// the instance's tags along asks EC2 for them first, and does not register without an answer.
func Reachable(w *world.World, r *world.Region, i *world.Instance, conf Config) error {
	if i.Unreachable || ec2.Deaf(r, i.ID) {
		return fmt.Errorf("dial tcp: ecs.%s.amazonaws.com: i/o timeout", r.Name)
	}
	services := []string{"ecs", "ecs-agent", "ecs-telemetry"}
	if conf.EC2Tags {
		services = append([]string{"ec2"}, services...)
	}
	for _, service := range services {
		if !ec2.ReachesService(w, r, i, service) {
			return fmt.Errorf("dial tcp: %s.%s.amazonaws.com: i/o timeout", service, r.Name)
		}
	}
	p, ok := w.IAM.Profiles.Get(i.ProfileName)
	if !ok || len(p.Roles) == 0 {
		return wire.Errorf("ClientException", "NoCredentialProviders: no valid providers in chain")
	}
	return nil
}

// Pulls tells whether an instance gets to an image registry: to ECR of its own region with the help of S3, where the layers
// are, to any other over the internet only (Amazon ECR user guide, "Amazon ECR interface VPC endpoints").
func Pulls(w *world.World, r *world.Region, instance, registry string) bool {
	i, ok := r.EC2.Instances.Get(instance)
	if !ok {
		return false
	}
	if !strings.HasSuffix(registry, ".dkr.ecr."+r.Name+".amazonaws.com") {
		return ec2.ReachesInternet(w, r, i.SubnetID, i.PublicIP != "")
	}
	return !slices.ContainsFunc([]string{"ecr.api", "ecr.dkr", "s3"}, func(s string) bool { return !ec2.ReachesService(w, r, i, s) })
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
