package ecs

import (
	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is ECS's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateCapacityProvider":        wire.Op(CreateCapacityProvider),
		"CreateCluster":                 wire.Op(CreateCluster),
		"DeleteAccountSetting":          wire.Op(DeleteAccountSetting),
		"DeleteAttributes":              wire.Op(DeleteAttributes),
		"DeleteCapacityProvider":        wire.Op(DeleteCapacityProvider),
		"DeleteCluster":                 wire.Op(DeleteCluster),
		"DeregisterContainerInstance":   wire.Op(DeregisterContainerInstance),
		"DescribeCapacityProviders":     wire.Op(DescribeCapacityProviders),
		"DescribeClusters":              wire.Op(DescribeClusters),
		"DescribeContainerInstances":    wire.Op(DescribeContainerInstances),
		"DescribeServices":              wire.Op(DescribeServices),
		"DescribeTasks":                 wire.Op(DescribeTasks),
		"ListAccountSettings":           wire.Op(ListAccountSettings),
		"ListAttributes":                wire.Op(ListAttributes),
		"ListClusters":                  wire.Op(ListClusters),
		"ListContainerInstances":        wire.Op(ListContainerInstances),
		"ListServices":                  wire.Op(ListServices),
		"ListTagsForResource":           wire.Op(ListTagsForResource),
		"ListTasks":                     wire.Op(ListTasks),
		"PutAccountSetting":             wire.Op(PutAccountSetting),
		"PutAccountSettingDefault":      wire.Op(PutAccountSettingDefault),
		"PutAttributes":                 wire.Op(PutAttributes),
		"PutClusterCapacityProviders":   wire.Op(PutClusterCapacityProviders),
		"TagResource":                   wire.Op(TagResource),
		"UntagResource":                 wire.Op(UntagResource),
		"UpdateCapacityProvider":        wire.Op(UpdateCapacityProvider),
		"UpdateCluster":                 wire.Op(UpdateCluster),
		"UpdateClusterSettings":         wire.Op(UpdateClusterSettings),
		"UpdateContainerInstancesState": wire.Op(UpdateContainerInstancesState),
	}
}

// Handlers is what happens when one of ECS's events, or one of the services below, falls due.
func Handlers() world.Handlers {
	pass := func(*world.World, world.Event) {} // so that a world without IAM runs
	return world.Handlers{
		ec2.InstanceBooted:     {booted},
		ec2.InstanceStopping:   {stopping},
		ec2.InstanceTerminated: {terminated},
		ec2.InstanceForgotten:  {gone},
		"asg.lifecycle-action": {waits},
		"asg.scale-in-blocked": {blocked},

		"ecs.agent-register":               {try},
		"ecs.attachments-updated":          {attached},
		"ecs.capacity-provider-updated":    {providerUpdated},
		"ecs.container-instance-forgotten": {forget},
		"ecs.managed-drain":                {drain},
		"ecs.managed-drain-done":           {drainDone},
		"ecs.unprotect":                    {unprotect},
		serviceUsed:                        {pass},
	}
}
