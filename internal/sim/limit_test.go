package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// ecsTable is Amazon's (ECS API reference, "Request throttling for the Amazon ECS API"): a line is a shared bucket, its
// size, its refill per second, and who shares it.
const ecsTable = `
20 1     CreateCluster DeleteCluster UpdateCluster UpdateClusterSettings PutClusterCapacityProviders
50 20    DescribeClusters ListClusters
20 1     RegisterTaskDefinition DeregisterTaskDefinition
50 20    DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies
5 1      DeleteTaskDefinitions
10 1     CreateCapacityProvider UpdateCapacityProvider DeleteCapacityProvider
50 20    DescribeCapacityProviders
20 10    TagResource UntagResource
50 20    ListTagsForResource
10 1     PutAccountSetting PutAccountSettingDefault DeleteAccountSetting
50 20    ListAccountSettings
100 40   DeleteAttributes DeregisterContainerInstance ExecuteCommand PutAttributes RunTask StartTask StopTask UpdateContainerAgent UpdateContainerInstancesState
100 20   DescribeContainerInstances DescribeTasks ListAttributes ListContainerInstances ListTasks
200 120  RegisterContainerInstance SubmitAttachmentStateChanges SubmitContainerStateChange SubmitTaskStateChange
50 5     CreateService DeleteService UpdateService
100 20   DescribeServices ListServices
50 20    DescribeServiceDeployments ListServiceDeployments StopServiceDeployment
50 20    DescribeServiceRevisions
200 80   UpdateTaskProtection GetTaskProtection
10 1     ListServicesByNamespace
`

func TestECSOperationsShareTheirCategorysBucket(t *testing.T) {
	owner, listed := map[string]int{}, map[string]bool{}
	for n, line := range strings.Split(strings.TrimSpace(ecsTable), "\n") {
		words := strings.Fields(line)
		for _, op := range words[2:] {
			listed[op] = true
			got := charges(wire.Envelope{Service: "ecs", Operation: op}, nil)[0]
			if rate := fmt.Sprint(got.rate.Burst, got.rate.PerSecond); rate != words[0]+" "+words[1] || got.tokens != 1 {
				t.Errorf("%s: %+v, want %s tokens, %s per second", op, got, words[0], words[1])
			}
			if other, taken := owner[got.bucket]; taken && other != n {
				t.Errorf("%s shares the bucket %q with another category", op, got.bucket)
			}
			owner[got.bucket] = n
		}
	}
	if want := strings.Count(ecsTable, "\n") - 1; len(owner) != want {
		t.Errorf("%d buckets, want %d: %v", len(owner), want, owner)
	}
	for _, s := range Services() {
		for op := range s.Ops {
			if s.Name == "ecs" && !listed[op] {
				t.Errorf("%s is in no category of the table", op)
			}
		}
	}
}

func TestEC2OperationsHaveBucketsOfTheirOwn(t *testing.T) {
	some := []string{"i-1"}
	filter := []types.Filter{{Name: aws.String("vpc-id")}}
	for _, c := range []struct {
		op   string
		in   any
		want string // "bucket burst/refill tokens, …"
	}{
		{"DescribeVpcs", &ec2.DescribeVpcsInput{}, "DescribeVpcs 100/20 1"},
		{"GetManagedPrefixListEntries", nil, "GetManagedPrefixListEntries 100/20 1"},
		{"SearchTransitGatewayRoutes", nil, "SearchTransitGatewayRoutes 100/20 1"},
		{"DescribeSecurityGroupReferences", nil, "DescribeSecurityGroupReferences 20/5 1"},
		{"DescribeInstances", &ec2.DescribeInstancesInput{}, "DescribeInstances of all 50/10 1"},
		{"DescribeInstances", &ec2.DescribeInstancesInput{InstanceIds: some}, "DescribeInstances 100/20 1"},
		{"DescribeInstances", &ec2.DescribeInstancesInput{Filters: filter}, "DescribeInstances 100/20 1"},
		{"DescribeInstances", &ec2.DescribeInstancesInput{MaxResults: aws.Int32(5)}, "DescribeInstances 100/20 1"},
		{"DescribeInstanceStatus", &ec2.DescribeInstanceStatusInput{}, "DescribeInstanceStatus of all 50/10 1"},
		{"DescribeNetworkInterfaces", &ec2.DescribeNetworkInterfacesInput{}, "DescribeNetworkInterfaces of all 50/10 1"},
		{"DescribeSecurityGroups", &ec2.DescribeSecurityGroupsInput{}, "DescribeSecurityGroups of all 50/10 1"},
		{"DescribeSecurityGroups", &ec2.DescribeSecurityGroupsInput{GroupNames: some}, "DescribeSecurityGroups 100/20 1"},
		{"DescribeVolumes", &ec2.DescribeVolumesInput{}, "DescribeVolumes of all 50/10 1"},
		{"CreateVpc", &ec2.CreateVpcInput{}, "CreateVpc 50/5 1"},
		{"AuthorizeSecurityGroupIngress", nil, "AuthorizeSecurityGroupIngress 50/5 1"},
		{"CreateTags", nil, "CreateTags 100/10 1"},
		{"DeleteTags", nil, "DeleteTags 100/10 1"},
		{"CreateNatGateway", nil, "CreateNatGateway 10/1 1"},
		{"DeleteNatGateway", nil, "DeleteNatGateway 10/1 1"},
		{"CreateVpcEndpoint", nil, "CreateVpcEndpoint 4/0.3 1"},
		{"DeleteVpcEndpoints", nil, "DeleteVpcEndpoints 4/0.3 1"},
		{"CreateLaunchTemplateVersion", nil, "CreateLaunchTemplateVersion 100/5 1"},
		{"ModifyLaunchTemplate", nil, "ModifyLaunchTemplate 100/5 1"},
		{"CreateNetworkInterface", nil, "CreateNetworkInterface 100/5 1"},
		{"AssociateIamInstanceProfile", nil, "AssociateIamInstanceProfile 100/5 1"},
		{"RunInstances", &ec2.RunInstancesInput{MaxCount: aws.Int32(7)}, "RunInstances 5/2 1, RunInstances instances 1000/2 7"},
		{"RunInstances", &ec2.RunInstancesInput{}, "RunInstances 5/2 1"},
		{"RunInstances", &ec2.RunInstancesInput{MaxCount: aws.Int32(5000)}, "RunInstances 5/2 1, RunInstances instances 1000/2 1000"},
		{"StartInstances", &ec2.StartInstancesInput{InstanceIds: some}, "StartInstances 5/2 1, StartInstances instances 1000/2 1"},
		{"StopInstances", &ec2.StopInstancesInput{InstanceIds: some}, "StopInstances 50/5 1, StopInstances instances 1000/20 1"},
		{"TerminateInstances", &ec2.TerminateInstancesInput{InstanceIds: some}, "TerminateInstances 100/5 1, TerminateInstances instances 1000/20 1"},
	} {
		var got []string
		for _, x := range charges(wire.Envelope{Service: "ec2", Operation: c.op}, c.in) {
			got = append(got, fmt.Sprintf("%s %v/%v %v", x.bucket, x.rate.Burst, x.rate.PerSecond, x.tokens))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s %T:\ngot  %s\nwant %s", c.op, c.in, strings.Join(got, ", "), c.want)
		}
	}
}

func TestOtherServicesKeepReadsAndWritesApart(t *testing.T) {
	bucket := func(service, op string) string {
		c := charges(wire.Envelope{Service: service, Operation: op}, nil)
		return fmt.Sprint(len(c), c[0].bucket, c[0].rate)
	}
	for _, service := range []string{"autoscaling", "elasticloadbalancing", "elasticloadbalancingv2", "iam", "logs", "servicequotas", "sts"} {
		if got := []string{bucket(service, "DescribeX"), bucket(service, "CreateX")}; !slices.Equal(got, []string{"1read{100 20}", "1write{50 5}"}) {
			t.Errorf("%s: %v", service, got)
		}
	}
	if bucket("s3", "PutObject") != bucket("s3", "GetObject") || bucket("ssm", "GetParameter") != "1all{40 40}" {
		t.Errorf("s3 %s, ssm %s", bucket("s3", "PutObject"), bucket("ssm", "GetParameter"))
	}
}

func TestBucketsArePerRegion(t *testing.T) {
	w := world.New(1)
	env := wire.Envelope{Service: "ec2", Operation: "CreateVpcEndpoint", Region: "eu-west-1"}
	for range 4 {
		if err := limit(w, env, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := limit(w, env, nil); err == nil {
		t.Error("the fifth of four calls goes through")
	}
	env.Region = "eu-west-2"
	if err := limit(w, env, nil); err != nil {
		t.Errorf("another region is limited too: %v", err)
	}
}
