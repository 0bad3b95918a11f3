package ecs

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/rebalance"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostTasks is how many tasks a service may have (ECS service quotas).
const mostTasks = 5000

// digestOf stands for the parameters of a call that carries a client token.
func digestOf(in any) string {
	b, err := json.Marshal(in)
	if err != nil {
		panic("ecs: an input has no JSON: " + err.Error()) // inputs are plain structs
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// CreateService makes a service; its scheduler begins a moment later.
func CreateService(c *world.Call, in *ecs.CreateServiceInput) (*ecs.CreateServiceOutput, error) {
	row, err := activeCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	k := cluster{row, c.World, c.Region}
	name, token, digest := aws.ToString(in.ServiceName), aws.ToString(in.ClientToken), digestOf(in)
	switch {
	case name == "":
		return nil, missing("Service name")
	case !identifier.MatchString(name):
		return nil, invalid("Identifier is invalid. Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed.")
	case len(token) > 36:
		return nil, invalid("clientToken cannot be longer than 36 characters.")
	}
	if old, ok := k.Services.Get(name); ok && old.Status != inactive {
		if token != "" && old.Token == token && old.Digest == digest {
			return &ecs.CreateServiceOutput{Service: viewService(k, old, true)}, nil
		}
		return nil, invalid("Creation of service was not idempotent.")
	}
	s, err := k.newService(c, in)
	if err != nil {
		return nil, err
	}
	if k.services() >= c.Region.Quota("L-9EF96962") {
		return nil, wire.Errorf("LimitExceededException", "The maximum number of services for this cluster has been reached.")
	}
	s.Token, s.Digest = token, digest
	k.Services.Delete(name)
	k.Services.Put(name, s)
	rollout.Begin(k.w, k.r, s)
	k.wakeService(s)
	return &ecs.CreateServiceOutput{Service: viewService(k, s, true)}, nil
}

// services counts the services that are not INACTIVE.
func (k cluster) services() int {
	return servicesIn(k.Cluster, active) + servicesIn(k.Cluster, draining)
}

func servicesIn(row *world.Cluster, status string) int {
	n := 0
	for s := range row.Services.Rows() {
		if s.Status == status {
			n++
		}
	}
	return n
}

func (k cluster) newService(c *world.Call, in *ecs.CreateServiceInput) (*world.Service, error) {
	if err := refuseFeatures(in); err != nil {
		return nil, err
	}
	d, err := definition.Usable(c, in.TaskDefinition)
	if err != nil {
		return nil, err
	}
	s := &world.Service{
		Name: *in.ServiceName, ARN: c.ARN("ecs", "service/"+k.Name+"/"+*in.ServiceName), Cluster: k.Name, Status: active,
		Definition: definition.Name(d), Desired: int(aws.ToInt32(in.DesiredCount)), CreatedAt: c.Now(), MinHealthy: 100, Max: 200,
		ManagedTags: in.EnableECSManagedTags, Propagate: string(cmp.Or(in.PropagateTags, types.PropagateTagsNone)),
	}
	if s.Tags, err = listing.ReadTags(in.Tags); err != nil {
		return nil, err
	}
	if err := k.readNetworking(s, d, in); err != nil {
		return nil, err
	}
	if s.LaunchType, s.Strategy, err = capacity.Read(k.r, k.Cluster, in.LaunchType, in.CapacityProviderStrategy); err != nil {
		return nil, err
	}
	if err := readScheduling(s, in); err != nil {
		return nil, err
	}
	if err := setPlacement(s, d, in.PlacementConstraints, in.PlacementStrategy); err != nil {
		return nil, err
	}
	if err := rollout.Configure(s, in.DeploymentConfiguration); err != nil {
		return nil, err
	}
	if err := rebalance.Read(s, in.AvailabilityZoneRebalancing, true); err != nil {
		return nil, err
	}
	return s, checkPropagate(in.PropagateTags)
}

func checkPropagate(p types.PropagateTags) error {
	if p != "" && !slices.Contains(p.Values(), p) {
		return invalid("Invalid propagateTags value %s. Valid values are: SERVICE, TASK_DEFINITION, NONE.", p)
	}
	return nil
}

// readScheduling reads whether a service has a number of tasks or one on every instance.
func readScheduling(s *world.Service, in *ecs.CreateServiceInput) error {
	switch in.SchedulingStrategy {
	case "", types.SchedulingStrategyReplica:
		return checkDesired(in.DesiredCount)
	case types.SchedulingStrategyDaemon:
		s.Daemon, s.MinHealthy, s.Max = true, 0, 100
		switch {
		case in.DesiredCount != nil:
			return daemonDesired()
		case len(s.Strategy) > 0:
			return invalid("Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy.")
		}
		return nil
	}
	return invalid("Invalid scheduling strategy %s. Valid values are: REPLICA, DAEMON.", in.SchedulingStrategy)
}

func checkDesired(n *int32) error {
	switch {
	case n == nil:
		return missing("Desired count")
	case *n < 0:
		return invalid("Desired count cannot be negative.")
	case *n > mostTasks:
		return invalid("Desired count cannot be more than %d.", mostTasks)
	}
	return nil
}

func daemonDesired() error {
	return invalid("The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again")
}

// serviceFeatures is what calls that make and change services have in common and the simulated ECS has not.
type serviceFeatures struct {
	registries, volumes, lattice, gateways int
	connect                                *types.ServiceConnectConfiguration
	monitoring                             *types.MonitoringConfiguration
	controller                             *types.DeploymentController
	exec                                   bool
	platform                               *string
}

func refuseFeatures(in *ecs.CreateServiceInput) error {
	return serviceFeatures{
		len(in.ServiceRegistries), len(in.VolumeConfigurations), len(in.VpcLatticeConfigurations), len(in.GatewayConnectors),
		in.ServiceConnectConfiguration, in.Monitoring,
		in.DeploymentController, in.EnableExecuteCommand, in.PlatformVersion,
	}.refuse()
}

func (f serviceFeatures) refuse() error {
	for _, x := range []struct {
		asked bool
		what  string
	}{
		{f.registries > 0, "Service discovery"},
		{f.volumes > 0, "A volume configuration"},
		{f.lattice > 0, "VPC Lattice"},
		{f.gateways > 0, "A gateway connector"},
		{f.connect != nil && f.connect.Enabled, "Service Connect"},
		{f.monitoring != nil, "Monitoring of a service"},
		{f.controller != nil && f.controller.Type != types.DeploymentControllerTypeEcs, "A deployment controller other than ECS"},
		{f.exec, "ECS Exec"},
	} {
		if x.asked {
			return unsupported(x.what)
		}
	}
	if aws.ToString(f.platform) != "" {
		return invalid("The platform version must be null when specifying an EC2 launch type.")
	}
	return nil
}
