package sim_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// The quotas that no other test meets, each with the code that says so.
func TestQuotasAreRefusedByTheirCodes(t *testing.T) {
	s, c := embedded(1)
	s.With(func(w *world.World) {
		w.Region("eu-west-1").Quotas = map[string]int{"L-407747CB": 1, "L-A0D0B863": 1} // subnets of a VPC, targets of a group
	})
	vpc := must[*ec2.CreateVpcOutput](t)(c.createVPC()).Vpc.VpcId
	subnet := func(block string) error {
		_, err := c.ec2.CreateSubnet(ctx(), &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: aws.String(block)})
		return err
	}
	refused(t, subnet("10.0.0.0/24"), "")
	refused(t, subnet("10.0.1.0/24"), "SubnetLimitExceeded")
	group := must[*elbv2.CreateTargetGroupOutput](t)(c.elb.CreateTargetGroup(ctx(), &elbv2.CreateTargetGroupInput{
		Name: aws.String("web"), VpcId: vpc, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80), TargetType: elbtypes.TargetTypeEnumIp,
	})).TargetGroups[0].TargetGroupArn
	_, err := c.elb.RegisterTargets(ctx(), &elbv2.RegisterTargetsInput{TargetGroupArn: group, Targets: []elbtypes.TargetDescription{
		{Id: aws.String("10.0.0.10")}, {Id: aws.String("10.0.0.11")},
	}})
	refused(t, err, "TooManyTargets")
}
