package ecs

import (
	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/attribute"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/history"
	"berth/internal/sim/ecs/protection"
	"berth/internal/sim/ecs/setting"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is ECS's API by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"CreateCapacityProvider":        wire.Op(CreateCapacityProvider),
		"CreateCluster":                 wire.Op(CreateCluster),
		"DeleteAccountSetting":          wire.Op(setting.DeleteAccountSetting),
		"DeleteAttributes":              wire.Op(attribute.DeleteAttributes),
		"CreateService":                 wire.Op(CreateService),
		"DeleteCapacityProvider":        wire.Op(DeleteCapacityProvider),
		"DeleteCluster":                 wire.Op(DeleteCluster),
		"DeleteService":                 wire.Op(DeleteService),
		"DeleteTaskDefinitions":         wire.Op(definition.DeleteTaskDefinitions),
		"DeregisterContainerInstance":   wire.Op(DeregisterContainerInstance),
		"DeregisterTaskDefinition":      wire.Op(definition.DeregisterTaskDefinition),
		"DescribeCapacityProviders":     wire.Op(DescribeCapacityProviders),
		"DescribeClusters":              wire.Op(DescribeClusters),
		"DescribeContainerInstances":    wire.Op(DescribeContainerInstances),
		"DescribeServiceDeployments":    wire.Op(history.DescribeServiceDeployments),
		"DescribeServiceRevisions":      wire.Op(history.DescribeServiceRevisions),
		"DescribeServices":              wire.Op(DescribeServices),
		"DescribeTaskDefinition":        wire.Op(definition.DescribeTaskDefinition),
		"DescribeTasks":                 wire.Op(DescribeTasks),
		"GetTaskProtection":             wire.Op(protection.GetTaskProtection),
		"ListAccountSettings":           wire.Op(setting.ListAccountSettings),
		"ListAttributes":                wire.Op(attribute.ListAttributes),
		"ListClusters":                  wire.Op(ListClusters),
		"ListContainerInstances":        wire.Op(ListContainerInstances),
		"ListServiceDeployments":        wire.Op(history.ListServiceDeployments),
		"ListServices":                  wire.Op(ListServices),
		"ListTagsForResource":           wire.Op(ListTagsForResource),
		"ListTaskDefinitionFamilies":    wire.Op(definition.ListTaskDefinitionFamilies),
		"ListTaskDefinitions":           wire.Op(definition.ListTaskDefinitions),
		"ListTasks":                     wire.Op(ListTasks),
		"PutAccountSetting":             wire.Op(setting.PutAccountSetting),
		"PutAccountSettingDefault":      wire.Op(setting.PutAccountSettingDefault),
		"PutAttributes":                 wire.Op(attribute.PutAttributes),
		"PutClusterCapacityProviders":   wire.Op(PutClusterCapacityProviders),
		"RegisterTaskDefinition":        wire.Op(definition.RegisterTaskDefinition),
		"RunTask":                       wire.Op(RunTask),
		"StartTask":                     wire.Op(StartTask),
		"StopServiceDeployment":         wire.Op(StopServiceDeployment),
		"StopTask":                      wire.Op(StopTask),
		"TagResource":                   wire.Op(TagResource),
		"UntagResource":                 wire.Op(UntagResource),
		"UpdateCapacityProvider":        wire.Op(UpdateCapacityProvider),
		"UpdateCluster":                 wire.Op(UpdateCluster),
		"UpdateClusterSettings":         wire.Op(UpdateClusterSettings),
		"UpdateContainerInstancesState": wire.Op(UpdateContainerInstancesState),
		"UpdateTaskProtection":          wire.Op(protection.UpdateTaskProtection),
		"UpdateService":                 wire.Op(UpdateService),
	}
}

// Handlers is what happens when one of ECS's events, or one of the services below, falls due.
func Handlers() world.Handlers {
	return world.Handlers{
		ec2.InstanceBooted:     {booted},
		ec2.InstanceStopping:   {stopping},
		ec2.InstanceStopped:    {hostStopped},
		ec2.InstanceTerminated: {terminated},
		ec2.InstanceForgotten:  {gone},
		"asg.group-changed":    {groupChanged},
		"asg.lifecycle-action": {waits},
		"asg.scale-in-blocked": {blocked},
		"elb.target-changed":   {targetChanged},
		"elb.instance-changed": {targetChanged},

		"cloudwatch.alarm-changed": {alarmed},
		attribute.Changed:          {attributesChanged},
		ec2.InstanceUnreachable:    {stopping},
		ec2.InstanceReachable:      {reconnected},
		ec2.InstanceRestarted:      {restarted},
		ec2.SpotWarned:             {spotWarned},
		ec2.AgentGone:              {stopping},
		ec2.AgentBack:              {reconnected},

		"ecs.agent-register":               {try},
		"ecs.attachments-updated":          {attached},
		"ecs.capacity-measure":             {measure},
		"ecs.capacity-provider-updated":    {providerUpdated},
		"ecs.cluster-pass":                 {clusterPass},
		"ecs.container-instance-forgotten": {forget},
		"ecs.deployment-completed":         {}, // ID is the cluster, Arg the service: for what computes the traffic
		"ecs.managed-drain":                {drain},
		"ecs.managed-drain-done":           {drainDone},
		"ecs.managed-drain-renew":          {renew},
		"ecs.service-deleted":              {}, // ID is the cluster, Arg the service: for what computes the traffic
		"ecs.service-forgotten":            {forgetService, definition.Sweep},
		"ecs.service-pass":                 {servicePass},
		"ecs.task-forgotten":               {forgetTask, definition.Sweep},
		"ecs.task-started":                 {started},
		protection.Expired:                 {protectionExpired},
		definition.Swept:                   {definition.Sweep},
		"ecs.task-attached":                {taskAttached},
		"ecs.task-detached":                {taskDetached},
		"ecs.task-due":                     {taskDue},
		"ecs.task-pulled":                  {taskPulled},
		"ecs.task-registered":              {taskRegistered},
		"ecs.task-stopping":                {taskStopping},
		"ecs.task-waited":                  {waited},
		"ecs.unprotect":                    {unprotect},
	}
}
