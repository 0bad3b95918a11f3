package sim

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

// ec2Charges is what an EC2 call takes. Every operation has a bucket of its own, reads that ask for everything another
// one, and those that start or end instances a third that counts instances.
func ec2Charges(op string, in any) []charge {
	switch {
	case op == "DescribeSecurityGroupReferences":
		return []charge{one(op, 20, 5)}
	case asksForAll(in):
		return []charge{one(op+" of all", 50, 10)}
	case world.Reads(op) || strings.HasPrefix(op, "Search"):
		return []charge{one(op, 100, 20)}
	}
	charges := []charge{ec2Write(op)}
	if n, perSecond := instances(in); n > 0 {
		most := world.Rate{Burst: 1000, PerSecond: perSecond}
		charges = append(charges, charge{op + " instances", most, min(float64(n), most.Burst)})
	}
	return charges
}

// ec2Write is what a mutating call takes from its request bucket.
func ec2Write(op string) charge {
	switch op {
	case "RunInstances", "StartInstances":
		return one(op, 5, 2)
	case "CreateTags", "DeleteTags":
		return one(op, 100, 10)
	case "CreateNatGateway", "DeleteNatGateway":
		return one(op, 10, 1)
	case "CreateVpcEndpoint", "DeleteVpcEndpoints":
		return one(op, 4, 0.3)
	case "TerminateInstances", "CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "CreateNetworkInterface", "AssociateIamInstanceProfile":
		return one(op, 100, 5)
	}
	return one(op, 50, 5)
}

// asksForAll tells a read of a kind that there may be many of, with neither ids nor filters nor pages.
func asksForAll(in any) bool {
	switch i := in.(type) {
	case *ec2.DescribeInstancesInput:
		return len(i.InstanceIds)+len(i.Filters) == 0 && i.MaxResults == nil
	case *ec2.DescribeInstanceStatusInput:
		return len(i.InstanceIds)+len(i.Filters) == 0 && i.MaxResults == nil
	case *ec2.DescribeNetworkInterfacesInput:
		return len(i.NetworkInterfaceIds)+len(i.Filters) == 0 && i.MaxResults == nil
	case *ec2.DescribeSecurityGroupsInput:
		return len(i.GroupIds)+len(i.GroupNames)+len(i.Filters) == 0 && i.MaxResults == nil
	case *ec2.DescribeVolumesInput:
		return len(i.VolumeIds)+len(i.Filters) == 0 && i.MaxResults == nil
	}
	return false
}

// instances is how many instances a call starts or ends, and how many of them come back per second.
func instances(in any) (n int, perSecond float64) {
	switch i := in.(type) {
	case *ec2.RunInstancesInput:
		return int(aws.ToInt32(i.MaxCount)), 2
	case *ec2.StartInstancesInput:
		return len(i.InstanceIds), 2
	case *ec2.TerminateInstancesInput:
		return len(i.InstanceIds), 20
	case *ec2.StopInstancesInput:
		return len(i.InstanceIds), 20
	}
	return 0, 0
}
