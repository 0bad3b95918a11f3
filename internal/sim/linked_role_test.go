package sim_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	classictypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// roles are the names of the service-linked roles.
func (c cloud) roles(t *testing.T) []string {
	t.Helper()
	var names []string
	out := must[*iam.ListRolesOutput](t)(c.iam.ListRoles(ctx(), &iam.ListRolesInput{PathPrefix: aws.String("/aws-service-role/")}))
	for _, r := range out.Roles {
		names = append(names, *r.RoleName)
	}
	return names
}

func (c cloud) haveRoles(t *testing.T, when string, want ...string) {
	t.Helper()
	if got := c.roles(t); !slices.Equal(got, want) {
		t.Errorf("%s the roles are %v, want %v", when, got, want)
	}
}

func TestServicesMakeTheirRolesInTheCallThatFirstUsesThem(t *testing.T) {
	_, c := embedded(1)
	x := &site{t: t, c: c}
	x.network()
	c.haveRoles(t, "at first")

	must[*ecs.CreateClusterOutput](t)(c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")}))
	c.haveRoles(t, "with a cluster", "AWSServiceRoleForECS")

	must[*ec2.CreateLaunchTemplateOutput](t)(c.ec2.CreateLaunchTemplate(ctx(), x.template("web", nil)))
	must[*autoscaling.CreateAutoScalingGroupOutput](t)(c.asg.CreateAutoScalingGroup(ctx(), x.scaling(0)))
	c.haveRoles(t, "with a group", "AWSServiceRoleForECS", "AWSServiceRoleForAutoScaling")

	x.balancer()
	all := []string{"AWSServiceRoleForECS", "AWSServiceRoleForAutoScaling", "AWSServiceRoleForElasticLoadBalancing"}
	c.haveRoles(t, "with a load balancer", all...)
	must[*ecs.CreateClusterOutput](t)(c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("second")}))
	c.haveRoles(t, "with a second cluster", all...)
}

func TestClassicLoadBalancerMakesTheRoleToo(t *testing.T) {
	_, c := embedded(1)
	x := &site{t: t, c: c}
	x.network()
	must[*elasticloadbalancing.CreateLoadBalancerOutput](t)(c.classic.CreateLoadBalancer(ctx(), &elasticloadbalancing.CreateLoadBalancerInput{
		LoadBalancerName: aws.String("old"), Subnets: x.subnets,
		Listeners: []classictypes.Listener{{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstancePort: aws.Int32(80)}},
	}))
	c.haveRoles(t, "with a classic load balancer", "AWSServiceRoleForElasticLoadBalancing")
}

func TestSpotLaunchMakesTheSpotRole(t *testing.T) {
	_, c := embedded(1)
	x := &site{t: t, c: c}
	x.network()
	must[*ec2.CreateLaunchTemplateOutput](t)(c.ec2.CreateLaunchTemplate(ctx(), x.template("spot", &ec2types.LaunchTemplateInstanceMarketOptionsRequest{
		MarketType: ec2types.MarketTypeSpot,
	})))
	must[*ec2.RunInstancesOutput](t)(c.ec2.RunInstances(ctx(), oneInstance("spot", x.subnets[0])))
	c.haveRoles(t, "with a Spot instance", "AWSServiceRoleForEC2Spot")
}

func TestRefusedUseMakesNoRole(t *testing.T) {
	_, c := embedded(1)
	_, err := c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("no such name!")})
	refused(t, err, "InvalidParameterException")
	c.haveRoles(t, "after a refusal")
}
