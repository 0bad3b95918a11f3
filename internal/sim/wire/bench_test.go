package wire

import (
	"fmt"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// instance is a running instance with what EC2 tells about one.
func instance(i int) types.Instance {
	at := aws.Time(time.Unix(1_700_000_000, 0))
	return types.Instance{
		AmiLaunchIndex:     aws.Int32(0),
		Architecture:       types.ArchitectureValuesX8664,
		ClientToken:        aws.String("1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"),
		EbsOptimized:       aws.Bool(true),
		EnaSupport:         aws.Bool(true),
		Hypervisor:         types.HypervisorTypeXen,
		IamInstanceProfile: &types.IamInstanceProfile{Arn: aws.String("arn:aws:iam::123456789012:instance-profile/ecs/prod"), Id: aws.String("AIPAEXAMPLE")},
		ImageId:            aws.String("ami-0123456789abcdef0"),
		InstanceId:         aws.String(fmt.Sprintf("i-%017x", i)),
		InstanceType:       types.InstanceTypeM7iLarge,
		LaunchTime:         at,
		Monitoring:         &types.Monitoring{State: types.MonitoringStateDisabled},
		Placement:          &types.Placement{AvailabilityZone: aws.String("eu-west-1a"), Tenancy: types.TenancyDefault},
		PrivateDnsName:     aws.String("ip-10-20-50-17.eu-west-1.compute.internal"),
		PrivateIpAddress:   aws.String("10.20.50.17"),
		RootDeviceName:     aws.String("/dev/xvda"),
		RootDeviceType:     types.DeviceTypeEbs,
		SecurityGroups:     []types.GroupIdentifier{{GroupId: aws.String("sg-0123456789abcdef0"), GroupName: aws.String("prod_shop")}},
		State:              &types.InstanceState{Code: aws.Int32(16), Name: types.InstanceStateNameRunning},
		SubnetId:           aws.String("subnet-0123456789abcdef0"),
		Tags: []types.Tag{
			{Key: aws.String("Name"), Value: aws.String("prod_shop_default")},
			{Key: aws.String("Environment"), Value: aws.String("prod")},
			{Key: aws.String("aws:autoscaling:groupName"), Value: aws.String("prod_shop_default")},
		},
		VpcId: aws.String("vpc-0123456789abcdef0"),
		BlockDeviceMappings: []types.InstanceBlockDeviceMapping{{
			DeviceName: aws.String("/dev/xvda"),
			Ebs:        &types.EbsInstanceBlockDevice{AttachTime: at, DeleteOnTermination: aws.Bool(true), VolumeId: aws.String("vol-0123456789abcdef0")},
		}},
		MetadataOptions: &types.InstanceMetadataOptionsResponse{HttpTokens: types.HttpTokensStateRequired, HttpPutResponseHopLimit: aws.Int32(2)},
	}
}

// BenchmarkEncodeInstance says what one EC2 instance costs in DescribeInstances' answer; the goal is 3 µs.
func BenchmarkEncodeInstance(b *testing.B) {
	out := &ec2.DescribeInstancesOutput{Reservations: []types.Reservation{{}}}
	for i := range 1000 {
		out.Reservations[0].Instances = append(out.Reservations[0].Instances, instance(i))
	}
	v := reflect.ValueOf(out).Elem()
	plan := newCodec().encoder(v.Type())
	buffer := plan.members(nil, v)
	b.ReportAllocs()
	for b.Loop() {
		buffer = plan.members(buffer[:0], v)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/instance")
}

// BenchmarkDecodeForm says what a group's creation costs to decode.
func BenchmarkDecodeForm(b *testing.B) {
	form := url.Values{"Action": {"CreateAutoScalingGroup"}, "Version": {"2011-01-01"}, "MinSize": {"3"}, "MaxSize": {"12"}}
	for i := range 10 {
		form.Set(fmt.Sprintf("Tags.member.%d.Key", i+1), "berth:key")
		form.Set(fmt.Sprintf("Tags.member.%d.Value", i+1), "group/default")
	}
	c, t := newCodec(), reflect.TypeFor[autoscaling.CreateAutoScalingGroupInput]()
	b.ReportAllocs()
	for b.Loop() {
		root, err := formTree(form)
		if err != nil {
			b.Fatal(err)
		}
		if err := c.decoder(t).fill(root, reflect.New(t).Elem()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecodeJSON says what a service's update costs to decode.
func BenchmarkDecodeJSON(b *testing.B) {
	body := []byte(`{"cluster":"prod","service":"api","desiredCount":6,"deploymentConfiguration":{"maximumPercent":200,` +
		`"minimumHealthyPercent":100,"deploymentCircuitBreaker":{"enable":true,"rollback":true}},"taskDefinition":"api:17"}`)
	c, t := newCodec(), reflect.TypeFor[ecs.UpdateServiceInput]()
	b.ReportAllocs()
	for b.Loop() {
		if err := c.decodeJSON(body, reflect.New(t).Elem()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFirstUse says what it costs to compile the plan of EC2's largest answer: names read, fields and all below.
func BenchmarkFirstUse(b *testing.B) {
	for b.Loop() {
		newCodec().encoder(reflect.TypeFor[ec2.DescribeInstancesOutput]())
	}
}
