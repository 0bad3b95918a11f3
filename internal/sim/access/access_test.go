package access

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

func BenchmarkCheck(b *testing.B) {
	p, err := New(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["ec2:DescribeVpcs","ec2:DescribeSubnets"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}},
		{"Effect":"Allow","Action":["ec2:CreateSubnet","ec2:DeleteSubnet"],"Resource":"arn:aws:ec2:eu-west-1:*:*"}]}`)
	if err != nil {
		b.Fatal(err)
	}
	w := world.New(1)
	for _, one := range []struct {
		operation string
		in        any
	}{
		{"DescribeVpcs", &ec2.DescribeVpcsInput{}},
		{"CreateSubnet", &ec2.CreateSubnetInput{VpcId: aws.String("vpc-1"), CidrBlock: aws.String("10.0.0.0/24")}},
	} {
		b.Run(one.operation, func(b *testing.B) {
			c := &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ec2", Operation: one.operation}
			for b.Loop() {
				if err := p.Check(c, one.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
