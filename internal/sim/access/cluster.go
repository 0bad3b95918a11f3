package access

import (
	"strconv"
	"strings"

	"berth/internal/sim/world"
)

// autoscalingTable follows "Actions, resources, and condition keys for Amazon EC2 Auto Scaling"; the id in a group's ARN is not
// known before it is made.
const autoscalingTable = `
AttachInstances autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
AttachLoadBalancerTargetGroups autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
AttachLoadBalancers autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
AttachTrafficSources autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
CancelInstanceRefresh autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
CompleteLifecycleAction autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
CreateAutoScalingGroup autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
+ ?autoscaling:CreateOrUpdateTags autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
+ iam:CreateServiceLinkedRole #linked iam:awsservicename:=autoscaling.amazonaws.com
+ ec2:RunInstances #asglaunch
CreateLaunchConfiguration launchConfiguration:*:launchConfigurationName/{LaunchConfigurationName}
CreateOrUpdateTags autoScalingGroup:*:autoScalingGroupName/{Tags.ResourceId}
DeleteAutoScalingGroup autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DeleteLaunchConfiguration launchConfiguration:*:launchConfigurationName/{LaunchConfigurationName}
DeleteLifecycleHook autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DeletePolicy autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DeleteTags autoScalingGroup:*:autoScalingGroupName/{Tags.ResourceId}
DescribeAccountLimits
DescribeAdjustmentTypes
DescribeAutoScalingGroups
DescribeAutoScalingInstances
DescribeAutoScalingNotificationTypes
DescribeInstanceRefreshes
DescribeLaunchConfigurations
DescribeLifecycleHookTypes
DescribeLifecycleHooks
DescribeLoadBalancerTargetGroups
DescribeLoadBalancers
DescribeMetricCollectionTypes
DescribePolicies
DescribeScalingActivities
DescribeScalingProcessTypes
DescribeTags
DescribeTerminationPolicyTypes
DescribeTrafficSources
DetachInstances autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DetachLoadBalancerTargetGroups autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DetachLoadBalancers autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DetachTrafficSources autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
DisableMetricsCollection autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
EnableMetricsCollection autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
EnterStandby autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
ExecutePolicy autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
ExitStandby autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
LaunchInstances autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
PutLifecycleHook autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
PutScalingPolicy autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
RecordLifecycleActionHeartbeat autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
ResumeProcesses autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
SetDesiredCapacity autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
SetInstanceHealth #member
SetInstanceProtection autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
StartInstanceRefresh autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
SuspendProcesses autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
TerminateInstanceInAutoScalingGroup #member
UpdateAutoScalingGroup autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupName}
+ ec2:RunInstances #asglaunch
`

// ecrTable follows "Actions, resources, and condition keys for Amazon Elastic Container Registry". A registry has the reading of a
// manifest evaluated as BatchGetImage (ECR API reference: it is called once when an image is pulled).
const ecrTable = `
BatchGetImage {RepositoryName}
GetAuthorizationToken
`

// ecsTable follows "Actions, resources, and condition keys for Amazon Elastic Container Service".
const ecsTable = `
CreateCapacityProvider capacity-provider/{Name}
+ ?ecs:TagResource capacity-provider/{Name} ecs:createaction:=CreateCapacityProvider
+ autoscaling:CreateOrUpdateTags autoScalingGroup:*:autoScalingGroupName/{AutoScalingGroupProvider.AutoScalingGroupArn}
CreateCluster cluster/{ClusterName~default}
+ ?ecs:TagResource cluster/{ClusterName~default} ecs:createaction:=CreateCluster
+ iam:CreateServiceLinkedRole #linked iam:awsservicename:=ecs.amazonaws.com
CreateService service/{Cluster~default}/{ServiceName} ecs:cluster=Cluster
+ ?ecs:TagResource service/{Cluster~default}/{ServiceName} ecs:createaction:=CreateService
+ iam:PassRole role/{Role} iam:passedtoservice:=ecs.amazonaws.com
DeleteAccountSetting
DeleteAttributes container-instance/{Cluster~default}/{Attributes.TargetId} ecs:cluster=Cluster
DeleteCapacityProvider capacity-provider/{CapacityProvider}
DeleteCluster cluster/{Cluster}
DeleteService service/{Cluster~default}/{Service} ecs:cluster=Cluster
DeregisterContainerInstance cluster/{Cluster~default}
DeregisterTaskDefinition
DeleteTaskDefinitions task-definition/{TaskDefinitions}
DescribeCapacityProviders capacity-provider/{CapacityProviders~*}
DescribeClusters cluster/{Clusters~default}
DescribeContainerInstances container-instance/{Cluster~default}/{ContainerInstances} ecs:cluster=Cluster
DescribeServiceDeployments {ServiceDeploymentArns} #ofservice
DescribeServiceRevisions {ServiceRevisionArns} #ofservice
DescribeServices service/{Cluster~default}/{Services} ecs:cluster=Cluster
DescribeTaskDefinition
DescribeTasks task/{Cluster~default}/{Tasks} ecs:cluster=Cluster
GetTaskProtection task/{Cluster~default}/{Tasks} ecs:cluster=Cluster
ListAccountSettings
ListAttributes cluster/{Cluster~default}
ListClusters
ListContainerInstances cluster/{Cluster~default}
ListServiceDeployments service/{Cluster~default}/{Service} ecs:cluster=Cluster
ListServices ecs:cluster=Cluster
ListTagsForResource {ResourceArn}
ListTaskDefinitionFamilies
ListTaskDefinitions
ListTasks container-instance/{Cluster~default}/{ContainerInstance~*} ecs:cluster=Cluster
PutAccountSetting
PutAccountSettingDefault
PutAttributes container-instance/{Cluster~default}/{Attributes.TargetId} ecs:cluster=Cluster
PutClusterCapacityProviders cluster/{Cluster}
RegisterTaskDefinition task-definition/{Family}:*
+ ?ecs:TagResource task-definition/{Family}:* ecs:createaction:=RegisterTaskDefinition
+ iam:PassRole role/{ExecutionRoleArn} iam:passedtoservice:=ecs-tasks.amazonaws.com
+ iam:PassRole role/{TaskRoleArn} iam:passedtoservice:=ecs-tasks.amazonaws.com
RunTask #definition ecs:cluster=Cluster
+ ?ecs:TagResource task/{Cluster~default}/* ecs:createaction:=RunTask
+ iam:PassRole role/{Overrides.TaskRoleArn} iam:passedtoservice:=ecs-tasks.amazonaws.com
+ iam:PassRole role/{Overrides.ExecutionRoleArn} iam:passedtoservice:=ecs-tasks.amazonaws.com
StartTask #definition ecs:cluster=Cluster
+ ?ecs:TagResource task/{Cluster~default}/* ecs:createaction:=StartTask
StopServiceDeployment {ServiceDeploymentArn} #ofservice
StopTask task/{Cluster~default}/{Task} ecs:cluster=Cluster
TagResource {ResourceArn}
UntagResource {ResourceArn}
UpdateCapacityProvider capacity-provider/{Name}
UpdateCluster cluster/{Cluster}
UpdateClusterSettings cluster/{Cluster}
UpdateContainerInstancesState container-instance/{Cluster~default}/{ContainerInstances} ecs:cluster=Cluster
UpdateService service/{Cluster~default}/{Service} ecs:cluster=Cluster
UpdateTaskProtection task/{Cluster~default}/{Tasks} ecs:cluster=Cluster
`

// linkedRole is the making of the role of a service that is used for the first time.
func linkedRole(n need) []need {
	of := n.also["iam:awsservicename"]
	for r := range n.IAM.Roles.Rows() {
		if r.Service == of {
			return nil
		}
	}
	names := map[string]string{
		"ecs.amazonaws.com": "AWSServiceRoleForECS", "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
		"elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
	}
	n.resource = "arn:aws:iam::" + world.Account + ":role/aws-service-role/" + of + "/" + names[of]
	return []need{n}
}

// ofService are the services that deployments and revisions are of, on which AWS evaluates the action too.
func ofService(n need) []need {
	var out []need
	for _, path := range []string{"ServiceDeploymentArns", "ServiceDeploymentArn", "ServiceRevisionArns"} {
		for _, arn := range texts(n.in, path) {
			if parts := strings.Split(arn, "/"); len(parts) == 4 { // …:service-deployment/CLUSTER/SERVICE/ID
				out = append(out, n.on("service/"+parts[1]+"/"+parts[2]))
			}
		}
	}
	return out
}

// definition is the revision of a task definition that a task is started from. Where only the family is named it is the newest
// active one, so that a policy has to allow one revision or all of them (ECS API reference, RunTask).
func definition(n need) []need {
	name := text(n.in, "TaskDefinition")
	if strings.HasPrefix(name, "arn:") {
		_, name, _ = strings.Cut(name, "/")
	}
	newest := 0
	for d := range n.Region.ECS.Definitions.Rows() {
		if d.Family == name && d.Status == "ACTIVE" && d.Revision > newest {
			newest = d.Revision
		}
	}
	if newest > 0 {
		name += ":" + strconv.Itoa(newest)
	}
	return []need{n.on("task-definition/" + name)}
}

// member is the Auto Scaling group that an instance belongs to, where the call names only that.
func member(n need) []need {
	name := text(n.in, "AutoScalingGroupName")
	for _, id := range append(texts(n.in, "InstanceIds"), texts(n.in, "InstanceId")...) {
		for g := range n.Region.AutoScaling.Groups.Rows() {
			if _, of := g.Members.Get(id); of {
				name = g.Name
			}
		}
	}
	if name == "" {
		name = "*"
	}
	return []need{n.on("autoScalingGroup:*:autoScalingGroupName/" + name)}
}

// parameters are parameters by their names; AWS's own are no account's.
func parameters(n need) []need {
	var out []need
	for _, name := range append(texts(n.in, "Names"), texts(n.in, "Name")...) {
		one := n.on("parameter/" + strings.TrimPrefix(name, "/"))
		if strings.HasPrefix(name, "/aws/service/") {
			one.resource = "arn:aws:ssm:" + n.Region.Name + "::parameter" + name
		}
		if strings.HasPrefix(name, "arn:") {
			one.resource = name
		}
		out = append(out, one)
	}
	return out
}
