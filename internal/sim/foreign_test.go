package sim_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	astypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/sim"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// foreign is a client that builds a cluster in two zones the way Terraform's AWS provider does: it creates, reads by ids
// and filters, changes, reads again and destroys, and knows nothing but AWS's API.
type foreign struct {
	cloud
	t      *testing.T
	s      *sim.Sim
	logs   *cloudwatchlogs.Client
	absent []string // members that answers to reads left out: "DescribeVpcsOutput.Vpcs.Ipv6CidrBlockAssociationSet"

	vpc, gateway, group, targets, balancer, listener *string
	subnets, tables, nats, addresses, associations   []string
}

func newForeign(t *testing.T) *foreign {
	s := sim.New(world.New(1))
	cfg := wiretest.Config(s.Client().Transport)
	return &foreign{cloud: clients(cfg), t: t, s: s, logs: cloudwatchlogs.NewFromConfig(cfg)}
}

func (f *foreign) wait(d time.Duration) {
	f.t.Helper()
	if err := f.s.Sleep(ctx(), d); err != nil {
		f.t.Fatal(err)
	}
}

// operation is a method of one of the SDK's clients.
type operation[I, O, P any] = func(context.Context, *I, ...func(*P)) (*O, error)

// do makes a call that must succeed.
func do[I, O, P any](f *foreign, call operation[I, O, P], in *I) *O {
	f.t.Helper()
	out, err := call(ctx(), in)
	if err != nil {
		f.t.Fatalf("%T: %v", in, err)
	}
	return out
}

// see reads twice, compares, and notes what the answer leaves out.
func see[I, O, P any](f *foreign, call operation[I, O, P], in *I) *O {
	f.t.Helper()
	out := do(f, call, in)
	if a, b := asJSON(f.t, out), asJSON(f.t, do(f, call, in)); a != b {
		f.t.Errorf("%T, two answers:\n%s\n%s", in, a, b)
	}
	v := reflect.ValueOf(out).Elem()
	f.missing(v.Type().Name(), v)
	return out
}

// gone makes a call that must be refused because there is no such thing any more.
func gone[I, O, P any](f *foreign, call operation[I, O, P], in *I, code string) {
	f.t.Helper()
	_, err := call(ctx(), in)
	if got := codeOf(err); got != code {
		f.t.Errorf("%T: %v, want %s", in, err, code)
	}
}

// asJSON is an answer without what belongs to its call alone.
func asJSON(t *testing.T, out any) string {
	v := reflect.ValueOf(out).Elem()
	v.FieldByName("ResultMetadata").SetZero()
	b, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// missing notes the members of an answer that are not set, at any depth.
func (f *foreign) missing(path string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			f.missing(path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.missing(path, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, field := v.Type().Field(i).Name, v.Field(i)
			if !v.Type().Field(i).IsExported() || name == "ResultMetadata" || name == "NextToken" || v.Type() == reflect.TypeFor[time.Time]() {
				continue
			}
			if at := path + "." + name; field.IsZero() && field.Kind() != reflect.Bool {
				if !slices.Contains(f.absent, at) {
					f.absent = append(f.absent, at)
				}
			} else {
				f.missing(at, field)
			}
		}
	default: // it is set, or noted by whoever holds it
	}
}

func filter(name string, values ...string) []ec2types.Filter {
	return []ec2types.Filter{{Name: &name, Values: values}}
}

func ec2Tags(kind ec2types.ResourceType) []ec2types.TagSpecification {
	return []ec2types.TagSpecification{{ResourceType: kind, Tags: []ec2types.Tag{{Key: aws.String("Environment"), Value: aws.String("prod")}}}}
}

func (f *foreign) buildNetwork() {
	f.vpc = do(f, f.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), TagSpecifications: ec2Tags("vpc")}).Vpc.VpcId
	f.wait(5 * time.Second)
	do(f, f.ec2.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: f.vpc, EnableDnsHostnames: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)}})
	f.gateway = do(f, f.ec2.CreateInternetGateway, &ec2.CreateInternetGatewayInput{TagSpecifications: ec2Tags("internet-gateway")}).InternetGateway.InternetGatewayId
	do(f, f.ec2.AttachInternetGateway, &ec2.AttachInternetGatewayInput{InternetGatewayId: f.gateway, VpcId: f.vpc})
	for i, cidr := range []string{"10.0.0.0/24", "10.0.1.0/24", "10.0.50.0/24", "10.0.51.0/24"} {
		subnet := do(f, f.ec2.CreateSubnet, &ec2.CreateSubnetInput{
			VpcId: f.vpc, CidrBlock: &cidr, AvailabilityZone: aws.String(wiretest.Region + string("abab"[i])), TagSpecifications: ec2Tags("subnet"),
		}).Subnet.SubnetId
		table := do(f, f.ec2.CreateRouteTable, &ec2.CreateRouteTableInput{VpcId: f.vpc, TagSpecifications: ec2Tags("route-table")}).RouteTable.RouteTableId
		f.subnets, f.tables = append(f.subnets, *subnet), append(f.tables, *table)
		a := do(f, f.ec2.AssociateRouteTable, &ec2.AssociateRouteTableInput{RouteTableId: table, SubnetId: subnet})
		f.associations = append(f.associations, *a.AssociationId)
	}
	for i := range 2 {
		do(f, f.ec2.CreateRoute, &ec2.CreateRouteInput{RouteTableId: &f.tables[i], DestinationCidrBlock: aws.String("0.0.0.0/0"), GatewayId: f.gateway})
		address := do(f, f.ec2.AllocateAddress, &ec2.AllocateAddressInput{Domain: "vpc", TagSpecifications: ec2Tags("elastic-ip")})
		nat := do(f, f.ec2.CreateNatGateway, &ec2.CreateNatGatewayInput{SubnetId: &f.subnets[i], AllocationId: address.AllocationId, TagSpecifications: ec2Tags("natgateway")})
		f.addresses, f.nats = append(f.addresses, *address.AllocationId), append(f.nats, *nat.NatGateway.NatGatewayId)
	}
	f.wait(4 * time.Minute)
	for i := range 2 {
		do(f, f.ec2.CreateRoute, &ec2.CreateRouteInput{RouteTableId: &f.tables[i+2], DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: &f.nats[i]})
	}
	f.guard()
}

func (f *foreign) guard() {
	f.group = do(f, f.ec2.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("nodes"), Description: aws.String("nodes"), VpcId: f.vpc, TagSpecifications: ec2Tags("security-group"),
	}).GroupId
	all := []ec2types.IpPermission{{IpProtocol: aws.String("-1"), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	do(f, f.ec2.RevokeSecurityGroupEgress, &ec2.RevokeSecurityGroupEgressInput{GroupId: f.group, IpPermissions: all})
	do(f, f.ec2.AuthorizeSecurityGroupEgress, &ec2.AuthorizeSecurityGroupEgressInput{GroupId: f.group, IpPermissions: all})
	web := []ec2types.IpPermission{{
		IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80),
		IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0"), Description: aws.String("web")}},
	}}
	do(f, f.ec2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: f.group, IpPermissions: web})
	do(f, f.ec2.RevokeSecurityGroupIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: f.group, IpPermissions: web})
	do(f, f.ec2.AuthorizeSecurityGroupIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: f.group, IpPermissions: web})
	do(f, f.ec2.ImportKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("ops"), PublicKeyMaterial: []byte(publicKey), TagSpecifications: ec2Tags("key-pair")})
}

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIMpUqvyGBVCRwvQtJEPwZJdcKJC3i1KBEDpIZRsyC8Y ops"

// readNetwork asks for everything that the provider asks for, by the same filters; each finds just what it names.
func (f *foreign) readNetwork() {
	count := func(what string, got, want int) {
		f.t.Helper()
		if got != want {
			f.t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	tables := func(filters []ec2types.Filter, want int) {
		f.t.Helper()
		out := see(f, f.ec2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{Filters: filters})
		count("route tables by "+*filters[0].Name, len(out.RouteTables), want)
	}
	tables(filter("association.route-table-association-id", f.associations[1]), 1)
	tables(filter("route-table-id", f.tables[2]), 1)
	tables(filter("vpc-id", *f.vpc), 5)
	tables(slices.Concat(filter("association.main", "true"), filter("vpc-id", *f.vpc)), 1)
	tables(filter("association.subnet-id", f.subnets[0]), 1)
	count("route tables by id", len(see(f, f.ec2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: f.tables}).RouteTables), 4)
	groups := func(filters []ec2types.Filter, want int) {
		f.t.Helper()
		out := see(f, f.ec2.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{Filters: filters})
		count("security groups by "+*filters[0].Name, len(out.SecurityGroups), want)
	}
	groups(filter("group-id", *f.group), 1)
	groups(slices.Concat(filter("group-name", "default"), filter("vpc-id", *f.vpc)), 1)
	groups(filter("vpc-id", *f.vpc), 2)
	count("rules", len(see(f, f.ec2.DescribeSecurityGroupRules, &ec2.DescribeSecurityGroupRulesInput{Filters: filter("group-id", *f.group)}).SecurityGroupRules), 2)
	count("subnets", len(see(f, f.ec2.DescribeSubnets, &ec2.DescribeSubnetsInput{SubnetIds: f.subnets}).Subnets), 4)
	for _, name := range ec2types.VpcAttributeName("").Values() {
		see(f, f.ec2.DescribeVpcAttribute, &ec2.DescribeVpcAttributeInput{VpcId: f.vpc, Attribute: name})
	}
	count("addresses by id", len(see(f, f.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: f.addresses}).Addresses), 2)
	count("addresses", len(see(f, f.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{Filters: filter("allocation-id", f.addresses[0])}).Addresses), 1)
	count("NAT gateways", len(see(f, f.ec2.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{NatGatewayIds: f.nats}).NatGateways), 2)
	count("NAT gateways by VPC", len(see(f, f.ec2.DescribeNatGateways, &ec2.DescribeNatGatewaysInput{Filter: filter("vpc-id", *f.vpc)}).NatGateways), 2)
	count("gateways by id", len(see(f, f.ec2.DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{*f.gateway}}).InternetGateways), 1)
	count("gateways", len(see(f, f.ec2.DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{Filters: filter("attachment.vpc-id", *f.vpc)}).InternetGateways), 1)
	count("VPCs", len(see(f, f.ec2.DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{*f.vpc}}).Vpcs), 1)
	acls := slices.Concat(filter("default", "true"), filter("vpc-id", *f.vpc))
	count("network ACLs", len(see(f, f.ec2.DescribeNetworkAcls, &ec2.DescribeNetworkAclsInput{Filters: acls}).NetworkAcls), 1)
	count("key pairs", len(see(f, f.ec2.DescribeKeyPairs, &ec2.DescribeKeyPairsInput{Filters: filter("key-name", "ops")}).KeyPairs), 1)
	count("key pairs by name", len(see(f, f.ec2.DescribeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"ops"}}).KeyPairs), 1)
	for _, name := range []string{"subnet-id", "group-id", "vpc-id"} {
		value := map[string]string{"subnet-id": f.subnets[0], "group-id": *f.group, "vpc-id": *f.vpc}[name]
		see(f, f.ec2.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{Filters: filter(name, value)})
	}
	see(f, f.ec2.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{Filters: slices.Concat(
		filter("attachment.instance-owner-id", "amazon-elb"), filter("description", "ELB *"))})
}

// image is the newest image of the kind that old configurations look for.
func (f *foreign) image() *string {
	out := see(f, f.ec2.DescribeImages, &ec2.DescribeImagesInput{Owners: []string{"amazon"}, Filters: slices.Concat(
		filter("name", "amzn2-ami-ecs-hvm-2.0.*-x86_64-ebs"), filter("virtualization-type", "hvm"), filter("owner-id", "591542846629"))})
	if len(out.Images) == 0 {
		f.t.Fatal("there is no image")
	}
	slices.SortFunc(out.Images, func(a, b ec2types.Image) int { return strings.Compare(*b.CreationDate, *a.CreationDate) })
	return out.Images[0].ImageId
}

func (f *foreign) buildRole() {
	name, arn := aws.String("node"), aws.String("arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role")
	do(f, f.iam.CreateRole, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust)})
	do(f, f.iam.AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: arn})
	do(f, f.iam.CreateInstanceProfile, &iam.CreateInstanceProfileInput{InstanceProfileName: name})
	do(f, f.iam.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name})
	f.wait(time.Minute)
}

func (f *foreign) readRole() {
	name := aws.String("node")
	see(f, f.iam.GetRole, &iam.GetRoleInput{RoleName: name})
	see(f, f.iam.ListRolePolicies, &iam.ListRolePoliciesInput{RoleName: name})
	see(f, f.iam.ListAttachedRolePolicies, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	see(f, f.iam.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: name})
	see(f, f.iam.ListInstanceProfilesForRole, &iam.ListInstanceProfilesForRoleInput{RoleName: name})
	see(f, f.iam.GetUser, &iam.GetUserInput{})
}

func (f *foreign) buildTraffic() {
	f.balancer = do(f, f.elb.CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
		Name: aws.String("web"), Subnets: f.subnets[:2], SecurityGroups: []string{*f.group}, Tags: []elbtypes.Tag{{Key: aws.String("Environment"), Value: aws.String("prod")}},
	}).LoadBalancers[0].LoadBalancerArn
	f.targets = do(f, f.elb.CreateTargetGroup, &elbv2.CreateTargetGroupInput{
		Name: aws.String("web"), Protocol: "HTTP", Port: aws.Int32(80), VpcId: f.vpc,
	}).TargetGroups[0].TargetGroupArn
	f.listener = do(f, f.elb.CreateListener, &elbv2.CreateListenerInput{
		LoadBalancerArn: f.balancer, Protocol: "HTTP", Port: aws.Int32(80),
		DefaultActions: []elbtypes.Action{{Type: "forward", TargetGroupArn: f.targets}},
	}).Listeners[0].ListenerArn
	f.wait(4 * time.Minute)
	do(f, f.elb.ModifyLoadBalancerAttributes, &elbv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: f.balancer, Attributes: []elbtypes.LoadBalancerAttribute{{Key: aws.String("idle_timeout.timeout_seconds"), Value: aws.String("90")}},
	})
	do(f, f.elb.ModifyTargetGroupAttributes, &elbv2.ModifyTargetGroupAttributesInput{
		TargetGroupArn: f.targets, Attributes: []elbtypes.TargetGroupAttribute{{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("30")}},
	})
}

func (f *foreign) readTraffic() {
	see(f, f.elb.DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{*f.balancer}})
	see(f, f.elb.DescribeLoadBalancerAttributes, &elbv2.DescribeLoadBalancerAttributesInput{LoadBalancerArn: f.balancer})
	see(f, f.elb.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{TargetGroupArns: []string{*f.targets}})
	see(f, f.elb.DescribeTargetGroupAttributes, &elbv2.DescribeTargetGroupAttributesInput{TargetGroupArn: f.targets})
	see(f, f.elb.DescribeListeners, &elbv2.DescribeListenersInput{ListenerArns: []string{*f.listener}})
	see(f, f.elb.DescribeListeners, &elbv2.DescribeListenersInput{LoadBalancerArn: f.balancer})
	see(f, f.elb.DescribeTags, &elbv2.DescribeTagsInput{ResourceArns: []string{*f.balancer, *f.targets, *f.listener}})
}

func (f *foreign) buildCluster() {
	do(f, f.ecs.CreateCluster, &ecs.CreateClusterInput{ClusterName: aws.String("shop"), Tags: []ecstypes.Tag{{Key: aws.String("Environment"), Value: aws.String("prod")}}})
	do(f, f.logs.CreateLogGroup, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/prod/shop"), Tags: map[string]string{"Environment": "prod"}})
	do(f, f.logs.PutRetentionPolicy, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String("/prod/shop"), RetentionInDays: aws.Int32(30)})
	do(f, f.asg.CreateLaunchConfiguration, &autoscaling.CreateLaunchConfigurationInput{
		LaunchConfigurationName: aws.String("nodes-1"), ImageId: f.image(), InstanceType: aws.String("t3.micro"), KeyName: aws.String("ops"),
		IamInstanceProfile: aws.String("node"), SecurityGroups: []string{*f.group}, UserData: aws.String("IyEvYmluL2Jhc2gK"),
	})
	tag := func(key, value string) astypes.Tag {
		return astypes.Tag{
			Key: &key, Value: &value, PropagateAtLaunch: aws.Bool(true), ResourceId: aws.String("nodes"), ResourceType: aws.String("auto-scaling-group"),
		}
	}
	do(f, f.asg.CreateAutoScalingGroup, &autoscaling.CreateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("nodes"), LaunchConfigurationName: aws.String("nodes-1"), MinSize: aws.Int32(1), MaxSize: aws.Int32(4),
		DesiredCapacity: aws.Int32(2), VPCZoneIdentifier: aws.String(strings.Join(f.subnets[2:], ",")), Tags: []astypes.Tag{tag("Environment", "prod")},
	})
	f.wait(4 * time.Minute)
}

func (f *foreign) readCluster() {
	see(f, f.ecs.DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{"shop"}, Include: []ecstypes.ClusterField{"SETTINGS", "TAGS", "CONFIGURATIONS"}})
	see(f, f.logs.DescribeLogGroups, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/prod/shop")})
	see(f, f.logs.ListTagsLogGroup, &cloudwatchlogs.ListTagsLogGroupInput{LogGroupName: aws.String("/prod/shop")}) //nolint:staticcheck // what clients of 2024 still ask
	see(f, f.asg.DescribeLaunchConfigurations, &autoscaling.DescribeLaunchConfigurationsInput{LaunchConfigurationNames: []string{"nodes-1"}})
	groups := see(f, f.asg.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"nodes"}})
	if n := len(groups.AutoScalingGroups[0].Instances); n == 0 {
		f.t.Error("the group has no instances")
	}
	see(f, f.asg.DescribeScalingActivities, &autoscaling.DescribeScalingActivitiesInput{AutoScalingGroupName: aws.String("nodes")})
}

// change does what the provider does when the size of the file changes.
func (f *foreign) change() {
	do(f, f.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: aws.String("nodes"), DesiredCapacity: aws.Int32(3)})
	f.wait(4 * time.Minute)
}

func (f *foreign) read() {
	f.readNetwork()
	f.readRole()
	f.readTraffic()
	f.readCluster()
}

func (f *foreign) destroyCluster() {
	do(f, f.asg.UpdateAutoScalingGroup, &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("nodes"), MinSize: aws.Int32(0), MaxSize: aws.Int32(0), DesiredCapacity: aws.Int32(0),
	})
	f.wait(4 * time.Minute)
	do(f, f.asg.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: aws.String("nodes")})
	f.wait(time.Minute)
	if n := len(see(f, f.asg.DescribeAutoScalingGroups, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"nodes"}}).AutoScalingGroups); n > 0 {
		f.t.Error("the group is still there")
	}
	do(f, f.asg.DeleteLaunchConfiguration, &autoscaling.DeleteLaunchConfigurationInput{LaunchConfigurationName: aws.String("nodes-1")})
	gone(f, f.asg.DeleteLaunchConfiguration, &autoscaling.DeleteLaunchConfigurationInput{LaunchConfigurationName: aws.String("nodes-1")}, "ValidationError")
	do(f, f.ecs.DeleteCluster, &ecs.DeleteClusterInput{Cluster: aws.String("shop")})
	do(f, f.logs.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/prod/shop")})
	gone(f, f.logs.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("/prod/shop")}, "ResourceNotFoundException")
	do(f, f.elb.DeleteListener, &elbv2.DeleteListenerInput{ListenerArn: f.listener})
	gone(f, f.elb.DescribeListeners, &elbv2.DescribeListenersInput{ListenerArns: []string{*f.listener}}, "ListenerNotFound")
	do(f, f.elb.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: f.targets})
	gone(f, f.elb.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{TargetGroupArns: []string{*f.targets}}, "TargetGroupNotFound")
	do(f, f.elb.DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: f.balancer})
	gone(f, f.elb.DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{*f.balancer}}, "LoadBalancerNotFound")
}

func (f *foreign) destroyRole() {
	name, arn := aws.String("node"), aws.String("arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role")
	do(f, f.iam.RemoveRoleFromInstanceProfile, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: name})
	do(f, f.iam.DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: name})
	gone(f, f.iam.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: name}, "NoSuchEntity")
	do(f, f.iam.DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: arn})
	do(f, f.iam.DeleteRole, &iam.DeleteRoleInput{RoleName: name})
	gone(f, f.iam.GetRole, &iam.GetRoleInput{RoleName: name}, "NoSuchEntity")
}

func (f *foreign) destroyNetwork() {
	f.wait(5 * time.Minute)
	var held []string
	for _, a := range see(f, f.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: f.addresses}).Addresses {
		held = append(held, *a.AssociationId)
	}
	for i := range 2 {
		do(f, f.ec2.DeleteRoute, &ec2.DeleteRouteInput{RouteTableId: &f.tables[i+2], DestinationCidrBlock: aws.String("0.0.0.0/0")})
		do(f, f.ec2.DeleteNatGateway, &ec2.DeleteNatGatewayInput{NatGatewayId: &f.nats[i]})
	}
	f.wait(5 * time.Minute)
	for i, id := range f.addresses {
		gone(f, f.ec2.DisassociateAddress, &ec2.DisassociateAddressInput{AssociationId: &held[i]}, "InvalidAssociationID.NotFound")
		a := see(f, f.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: []string{id}}).Addresses[0]
		if a.AssociationId != nil {
			f.t.Errorf("%s is still associated", id)
		}
		do(f, f.ec2.ReleaseAddress, &ec2.ReleaseAddressInput{AllocationId: &id})
		gone(f, f.ec2.DescribeAddresses, &ec2.DescribeAddressesInput{AllocationIds: []string{id}}, "InvalidAllocationID.NotFound")
	}
	for i, id := range f.subnets {
		do(f, f.ec2.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: &f.associations[i]})
		gone(f, f.ec2.DisassociateRouteTable, &ec2.DisassociateRouteTableInput{AssociationId: &f.associations[i]}, "InvalidAssociationID.NotFound")
		do(f, f.ec2.DeleteRouteTable, &ec2.DeleteRouteTableInput{RouteTableId: &f.tables[i]})
		gone(f, f.ec2.DescribeRouteTables, &ec2.DescribeRouteTablesInput{RouteTableIds: f.tables[i : i+1]}, "InvalidRouteTableID.NotFound")
		do(f, f.ec2.DeleteSubnet, &ec2.DeleteSubnetInput{SubnetId: &id})
		gone(f, f.ec2.DescribeSubnets, &ec2.DescribeSubnetsInput{SubnetIds: []string{id}}, "InvalidSubnetID.NotFound")
	}
	do(f, f.ec2.DeleteSecurityGroup, &ec2.DeleteSecurityGroupInput{GroupId: f.group})
	gone(f, f.ec2.DescribeSecurityGroups, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{*f.group}}, "InvalidGroup.NotFound")
	do(f, f.ec2.DeleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: aws.String("ops")})
	gone(f, f.ec2.DescribeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"ops"}}, "InvalidKeyPair.NotFound")
	do(f, f.ec2.DetachInternetGateway, &ec2.DetachInternetGatewayInput{InternetGatewayId: f.gateway, VpcId: f.vpc})
	do(f, f.ec2.DeleteInternetGateway, &ec2.DeleteInternetGatewayInput{InternetGatewayId: f.gateway})
	gone(f, f.ec2.DescribeInternetGateways, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{*f.gateway}}, "InvalidInternetGatewayID.NotFound")
	do(f, f.ec2.DeleteVpc, &ec2.DeleteVpcInput{VpcId: f.vpc})
	gone(f, f.ec2.DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{*f.vpc}}, "InvalidVpcID.NotFound")
}

func TestForeignClientsClusterComesAndGoes(t *testing.T) {
	f := newForeign(t)
	trace := f.s.Record()
	f.buildNetwork()
	f.buildRole()
	f.buildTraffic()
	f.buildCluster()
	f.read()
	f.change()
	f.read()
	f.destroyCluster()
	f.destroyRole()
	f.destroyNetwork()
	seen := text(t, trace)
	for _, op := range operations(asked) {
		service, name, _ := strings.Cut(op, " ")
		if service != "s3" && !strings.Contains(seen, " "+service+"."+name+" ") {
			t.Errorf("%s is asked by foreign clients and not in this walk", op)
		}
	}
	f.complete()
}

var update = flag.Bool("update", false, "write the golden files anew")

// complete compares what answers left out with what AWS leaves out too: what a resource of this kind does not have.
func (f *foreign) complete() {
	const golden = "testdata/absent.txt"
	slices.Sort(f.absent)
	if *update {
		if err := os.WriteFile(golden, []byte(strings.Join(f.absent, "\n")+"\n"), 0o644); err != nil {
			f.t.Fatal(err)
		}
	}
	b, err := os.ReadFile(golden)
	if err != nil {
		f.t.Fatal(err)
	}
	want := strings.Fields(string(b))
	for _, member := range f.absent {
		if !slices.Contains(want, member) {
			f.t.Errorf("%s is left out", member)
		}
	}
	for _, member := range want {
		if !slices.Contains(f.absent, member) {
			f.t.Errorf("%s is there now: run with -update", member)
		}
	}
}
