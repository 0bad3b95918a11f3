package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/sim/ecs/balance"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/world"
)

// readNetworking reads the load balancers and the network of a new service.
func (k cluster) readNetworking(s *world.Service, d *world.TaskDefinition, in *ecs.CreateServiceInput) (err error) {
	if s.Network, err = eni.Read(k.r, d, in.NetworkConfiguration); err != nil {
		return err
	}
	if s.Balancers, err = balance.Read(k.r, d, in.LoadBalancers); err != nil {
		return err
	}
	s.Role, s.Grace = aws.ToString(in.Role), in.HealthCheckGracePeriodSeconds
	if err := balance.Role(k.w, d, s.Balancers, s.Role); err != nil {
		return err
	}
	return balance.Grace(s.Balancers, s.Grace)
}

// changeNetworking carries over what a call changes of a service's load balancers and network. What stays must fit the
// service's task definition, which may be a new one.
func (k cluster) changeNetworking(s *world.Service, in *ecs.UpdateServiceInput) (err error) {
	d, _ := k.r.ECS.Definitions.Get(s.Definition)
	network := in.NetworkConfiguration
	if network == nil && d.Network == "awsvpc" {
		network = eni.ViewNetwork(s.Network)
	}
	if s.Network, err = eni.Read(k.r, d, network); err != nil {
		return err
	}
	if in.LoadBalancers != nil {
		if s.Balancers, err = balance.Read(k.r, d, in.LoadBalancers); err != nil {
			return err
		}
	} else if in.TaskDefinition != nil {
		for _, b := range s.Balancers {
			if err := balance.Fits(k.r, d, b); err != nil {
				return err
			}
		}
	}
	if in.HealthCheckGracePeriodSeconds != nil {
		s.Grace = in.HealthCheckGracePeriodSeconds
		return balance.Grace(s.Balancers, s.Grace)
	}
	return nil
}

// rewired tells whether a service's tasks have to be replaced because its load balancers or its network are others.
func rewired(before, after *world.Service) bool {
	return !slices.Equal(before.Balancers, after.Balancers) || !sameNetwork(before.Network, after.Network)
}

func sameNetwork(a, b *world.TaskNetwork) bool {
	if a == nil || b == nil {
		return a == b
	}
	return slices.Equal(a.Subnets, b.Subnets) && slices.Equal(a.Groups, b.Groups)
}

// gracePeriod is what descriptions have: nothing without load balancers.
func gracePeriod(s *world.Service) *int32 {
	if len(s.Balancers) == 0 {
		return nil
	}
	return aws.Int32(aws.ToInt32(s.Grace))
}

// roleARN is the role that ECS takes for a service's load balancers: its own unless the service has another one.
func roleARN(k cluster, s *world.Service) *string {
	if len(s.Balancers) == 0 {
		return nil
	}
	if role, ok := k.w.IAM.Roles.Get(nameOf(s.Role)); ok {
		return aws.String(role.ARN)
	}
	return aws.String("arn:aws:iam::" + world.Account + ":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS")
}
