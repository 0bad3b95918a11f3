package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/rogpeppe/go-internal/testscript"

	"berth/internal/cloud"
	"berth/internal/sim"
)

// awsCall is somebody else at work on the embedded AWS in .berth/sim: aws SERVICE.OPERATION JSON. The answer becomes
// the script's stdout.
func awsCall(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: aws SERVICE.OPERATION JSON")
	}
	world, store, err := sim.Open(ts.MkAbs(".berth/sim"))
	ts.Check(err)
	c := cloud.Embedded(world.Client(), "eu-west-1", cloud.Options{Clock: world, Run: "other", Width: 1})
	op, known := operations(c)[args[0]]
	if !known {
		ts.Fatalf("%s is none of %v", args[0], slices.Sorted(maps.Keys(operations(c))))
	}
	out, err := op([]byte(args[1]))
	ts.Check(store.Close(world))
	if neg == (err == nil) {
		ts.Fatalf("%s: %v", args[0], err)
	}
	_, err = fmt.Fprintf(ts.Stdout(), "%s\n", out)
	ts.Check(err)
}

func operations(c *cloud.Cloud) map[string]func([]byte) ([]byte, error) {
	return map[string]func([]byte) ([]byte, error){
		"ec2.CreateVpc":                  operation(c.EC2.CreateVpc),
		"ec2.CreateInternetGateway":      operation(c.EC2.CreateInternetGateway),
		"ec2.AttachInternetGateway":      operation(c.EC2.AttachInternetGateway),
		"ec2.CreateSecurityGroup":        operation(c.EC2.CreateSecurityGroup),
		"ec2.CreateSubnet":               operation(c.EC2.CreateSubnet),
		"ec2.CreateNetworkInterface":     operation(c.EC2.CreateNetworkInterface),
		"ec2.CreateVpcEndpoint":          operation(c.EC2.CreateVpcEndpoint),
		"ec2.CreateTags":                 operation(c.EC2.CreateTags),
		"ec2.DeleteTags":                 operation(c.EC2.DeleteTags),
		"ec2.DeleteSecurityGroup":        operation(c.EC2.DeleteSecurityGroup),
		"ec2.DeleteSubnet":               operation(c.EC2.DeleteSubnet),
		"ec2.DeleteNetworkInterface":     operation(c.EC2.DeleteNetworkInterface),
		"ec2.DescribeInstances":          operation(c.EC2.DescribeInstances),
		"ec2.DescribeNatGateways":        operation(c.EC2.DescribeNatGateways),
		"ec2.DescribeKeyPairs":           operation(c.EC2.DescribeKeyPairs),
		"ec2.DescribeVpcs":               operation(c.EC2.DescribeVpcs),
		"ecs.CreateCluster":              operation(c.ECS.CreateCluster),
		"ecs.DeleteCluster":              operation(c.ECS.DeleteCluster),
		"ecs.DescribeClusters":           operation(c.ECS.DescribeClusters),
		"ecs.RegisterTaskDefinition":     operation(c.ECS.RegisterTaskDefinition),
		"ecs.CreateService":              operation(c.ECS.CreateService),
		"ecs.DescribeTasks":              operation(c.ECS.DescribeTasks),
		"ecs.ListTasks":                  operation(c.ECS.ListTasks),
		"ecs.RunTask":                    operation(c.ECS.RunTask),
		"ecs.UpdateService":              operation(c.ECS.UpdateService),
		"ecs.DescribeContainerInstances": operation(c.ECS.DescribeContainerInstances),
		"ecs.ListServiceDeployments":     operation(c.ECS.ListServiceDeployments),
		"ecs.StartTask":                  operation(c.ECS.StartTask),

		"ecs.UpdateContainerInstancesState":     operation(c.ECS.UpdateContainerInstancesState),
		"logs.DescribeLogGroups":                operation(c.Logs.DescribeLogGroups),
		"iam.CreateRole":                        operation(c.IAM.CreateRole),
		"iam.DeleteRolePolicy":                  operation(c.IAM.DeleteRolePolicy),
		"iam.GetRole":                           operation(c.IAM.GetRole),
		"iam.ListRoles":                         operation(c.IAM.ListRoles),
		"secretsmanager.CreateSecret":           operation(c.Secrets.CreateSecret),
		"secretsmanager.GetSecretValue":         operation(c.Secrets.GetSecretValue),
		"s3.CreateBucket":                       operation(c.S3.CreateBucket),
		"s3.ListBuckets":                        operation(c.S3.ListBuckets),
		"autoscaling.DescribeAutoScalingGroups": operation(c.Groups.DescribeAutoScalingGroups),
		"autoscaling.SetDesiredCapacity":        operation(c.Groups.SetDesiredCapacity),

		"ec2.DeleteVpc":                                operation(c.EC2.DeleteVpc),
		"ec2.AuthorizeSecurityGroupIngress":            operation(c.EC2.AuthorizeSecurityGroupIngress),
		"ec2.RevokeSecurityGroupIngress":               operation(c.EC2.RevokeSecurityGroupIngress),
		"elasticloadbalancingv2.DescribeListeners":     operation(c.Balance.DescribeListeners),
		"elasticloadbalancingv2.CreateLoadBalancer":    operation(c.Balance.CreateLoadBalancer),
		"elasticloadbalancingv2.CreateTargetGroup":     operation(c.Balance.CreateTargetGroup),
		"elasticloadbalancingv2.DeleteLoadBalancer":    operation(c.Balance.DeleteLoadBalancer),
		"elasticloadbalancingv2.DeleteTargetGroup":     operation(c.Balance.DeleteTargetGroup),
		"elasticloadbalancingv2.DescribeLoadBalancers": operation(c.Balance.DescribeLoadBalancers),
	}
}

// operation is a call of the SDK with JSON on both sides.
func operation[I, O, P any](f func(context.Context, *I, ...func(*P)) (*O, error)) func([]byte) ([]byte, error) {
	return func(text []byte) ([]byte, error) {
		in := new(I)
		if err := json.Unmarshal(text, in); err != nil {
			return nil, err
		}
		out, err := f(context.Background(), in)
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	}
}
