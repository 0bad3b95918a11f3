package ecs

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/capacity"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/find"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/rebalance"
	"berth/internal/sim/ecs/rollout"
	"berth/internal/sim/ecs/rule"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// serviceOf finds the cluster and the service that a call names, whatever the service's state.
func serviceOf(c *world.Call, clusterName, name *string) (cluster, *world.Service, error) {
	row, s, err := find.Service(c, clusterName, name)
	return cluster{row, c.World, c.Region}, s, err
}

// ListServices lists the services of a cluster that are not deleted.
func ListServices(c *world.Call, in *ecs.ListServicesInput) (*ecs.ListServicesOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if in.ResourceManagementType != "" {
		return nil, unsupported("A filter by resource management type")
	}
	arns := []string{}
	for s := range row.Services.Rows() {
		if s.Status != inactive && (in.LaunchType == "" || string(in.LaunchType) == s.LaunchType) &&
			(in.SchedulingStrategy == "" || in.SchedulingStrategy == scheduling(s)) {
			arns = append(arns, s.ARN)
		}
	}
	arns, next, err := listing.Page(arns, cmp.Or(in.MaxResults, aws.Int32(10)), in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListServicesOutput{ServiceArns: arns, NextToken: next}, nil
}

// DescribeServices describes services; those that are not there are failures.
func DescribeServices(c *world.Call, in *ecs.DescribeServicesInput) (*ecs.DescribeServicesOutput, error) {
	row, err := findCluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	switch n := len(in.Services); {
	case n == 0:
		return nil, invalid("Services cannot be empty.")
	case n > 10:
		return nil, invalid("Services cannot be more than 10.")
	}
	k := cluster{row, c.World, c.Region}
	out := &ecs.DescribeServicesOutput{Services: []types.Service{}, Failures: []types.Failure{}}
	for _, name := range in.Services {
		s, ok := find.ServiceIn(row, name)
		if !ok {
			out.Failures = append(out.Failures, failure(c.ARN("ecs", "service/"+row.Name+"/"+nameOf(name)), "MISSING"))
			continue
		}
		out.Services = append(out.Services, *viewService(k, s, slices.Contains(in.Include, types.ServiceFieldTags)))
	}
	return out, nil
}

// UpdateService changes a service. A new task definition, another capacity provider strategy or the wish for a new
// deployment begin one, which replaces the tasks by and by.
func UpdateService(c *world.Call, in *ecs.UpdateServiceInput) (*ecs.UpdateServiceOutput, error) {
	k, s, err := serviceOf(c, in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	if s.Status != active {
		return nil, wire.Errorf("ServiceNotActiveException", "Service was not ACTIVE.")
	}
	next := *s
	if err := k.change(c, &next, in); err != nil {
		return nil, err
	}
	renew := in.ForceNewDeployment || next.Definition != s.Definition || !slices.Equal(next.Strategy, s.Strategy) || next.LaunchType != s.LaunchType ||
		rewired(s, &next)
	*s = next
	if renew {
		rollout.Begin(k.w, k.r, s)
	}
	k.wakeService(s)
	return &ecs.UpdateServiceOutput{Service: viewService(k, s, true)}, nil
}

// change carries the changes of a call over to a service.
func (k cluster) change(c *world.Call, s *world.Service, in *ecs.UpdateServiceInput) error {
	err := serviceFeatures{
		len(in.ServiceRegistries), len(in.VolumeConfigurations), len(in.VpcLatticeConfigurations), len(in.GatewayConnectors),
		in.ServiceConnectConfiguration, in.Monitoring,
		in.DeploymentController, aws.ToBool(in.EnableExecuteCommand), in.PlatformVersion,
	}.refuse()
	if err != nil {
		return err
	}
	if in.DesiredCount != nil {
		if s.Daemon {
			return daemonDesired()
		}
		if err := checkDesired(in.DesiredCount); err != nil {
			return err
		}
		s.Desired = int(*in.DesiredCount)
	}
	if in.TaskDefinition != nil {
		d, err := definition.Usable(c, in.TaskDefinition)
		if err != nil {
			return err
		}
		s.Definition = definition.Name(d)
	}
	d, _ := k.r.ECS.Definitions.Get(s.Definition)
	if err := setPlacement(s, d, in.PlacementConstraints, in.PlacementStrategy); err != nil {
		return err
	}
	if err := k.changeNetworking(s, in); err != nil {
		return err
	}
	if err := k.changeCapacity(s, in.CapacityProviderStrategy); err != nil {
		return err
	}
	if in.EnableECSManagedTags != nil {
		s.ManagedTags = *in.EnableECSManagedTags
	}
	s.Propagate = cmp.Or(string(in.PropagateTags), s.Propagate)
	if err := checkPropagate(in.PropagateTags); err != nil {
		return err
	}
	if err := rollout.Configure(s, in.DeploymentConfiguration); err != nil {
		return err
	}
	return rebalance.Read(s, in.AvailabilityZoneRebalancing, false)
}

// setPlacement carries over the constraints and strategies of a call; those that are left out stay (ECS API reference,
// UpdateService).
func setPlacement(s *world.Service, d *world.TaskDefinition, constraints []types.PlacementConstraint, strategy []types.PlacementStrategy) error {
	var err error
	if constraints != nil {
		if s.Constraints, err = rule.ReadConstraints(constraints, d); err != nil {
			return err
		}
	}
	if strategy != nil {
		if s.Placement, err = rule.ReadStrategy(strategy); err != nil {
			return err
		}
	}
	if err := rule.CheckNumber(s.Constraints, d); err != nil {
		return err
	}
	if s.Daemon {
		return rule.CheckDaemon(s.Constraints, s.Placement)
	}
	return nil
}

// changeCapacity sets another capacity provider strategy.
func (k cluster) changeCapacity(s *world.Service, in []types.CapacityProviderStrategyItem) error {
	if in == nil {
		return nil
	}
	if len(in) == 0 {
		return unsupported("The removal of a service's capacity provider strategy")
	}
	if s.Daemon {
		return invalid("Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy.")
	}
	var err error
	s.LaunchType, s.Strategy, err = capacity.Read(k.r, k.Cluster, "", in)
	return err
}

// DeleteService deletes a service that is scaled to 0, or with Force any: its tasks stop, and it is INACTIVE once they do.
func DeleteService(c *world.Call, in *ecs.DeleteServiceInput) (*ecs.DeleteServiceOutput, error) {
	k, s, err := serviceOf(c, in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Status == inactive:
		return nil, wire.Errorf("ServiceNotFoundException", "Service not found.")
	case s.Status == draining:
		return &ecs.DeleteServiceOutput{Service: viewService(k, s, true)}, nil
	case s.Desired > 0 && !aws.ToBool(in.Force):
		return nil, invalid("The service cannot be stopped while it is scaled above 0.")
	case len(s.Deployments) > 1 && !aws.ToBool(in.Force):
		return nil, invalid("The service cannot be stopped while deployments are active.")
	}
	s.Status, s.Desired = draining, 0
	k.w.Schedule(0, world.Event{Kind: "ecs.service-deleted", Region: k.r.Name, ID: k.Name, Arg: s.Name})
	k.wakeService(s)
	return &ecs.DeleteServiceOutput{Service: viewService(k, s, true)}, nil
}
