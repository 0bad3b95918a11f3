package sim_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

// unlimited is a simulation without throttling.
func unlimited() (*sim.Sim, cloud) {
	s, c := embedded(1)
	s.With(func(w *world.World) { w.Tuning.NoLimit = true })
	return s, c
}

// BenchmarkSmallCall is what any call costs, client and all: sign, send, decode, run, encode, decode.
func BenchmarkSmallCall(b *testing.B) {
	_, c := unlimited()
	b.ReportAllocs()
	for b.Loop() {
		must[*sts.GetCallerIdentityOutput](b)(c.sts.GetCallerIdentity(ctx(), &sts.GetCallerIdentityInput{}))
	}
}

// BenchmarkDescribeOneInstance is a call with one of the largest records of EC2.
func BenchmarkDescribeOneInstance(b *testing.B) {
	_, c := unlimited()
	x := &site{t: b, c: c}
	x.network()
	must[*ec2.CreateLaunchTemplateOutput](b)(c.ec2.CreateLaunchTemplate(ctx(), x.template("one", nil)))
	made := must[*ec2.RunInstancesOutput](b)(c.ec2.RunInstances(ctx(), oneInstance("one", x.subnets[0])))
	in := &ec2.DescribeInstancesInput{InstanceIds: []string{*made.Instances[0].InstanceId}}
	b.ReportAllocs()
	for b.Loop() {
		out := must[*ec2.DescribeInstancesOutput](b)(c.ec2.DescribeInstances(ctx(), in))
		if len(out.Reservations) != 1 {
			b.Fatalf("%d reservations", len(out.Reservations))
		}
	}
}

// BenchmarkServedCall is the small call over the loopback.
func BenchmarkServedCall(b *testing.B) {
	s, _ := unlimited()
	c := serve(b, &sim.Server{Sim: s}).client()
	b.ReportAllocs()
	for b.Loop() {
		must[*sts.GetCallerIdentityOutput](b)(c.sts.GetCallerIdentity(ctx(), &sts.GetCallerIdentityInput{}))
	}
}

// BenchmarkRecordedCall is a small call whose input goes into a trace.
func BenchmarkRecordedCall(b *testing.B) {
	s, c := unlimited()
	trace := s.Record()
	in := &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-0123456789abcdef0"}, MaxResults: aws.Int32(5)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.ec2.DescribeVpcs(ctx(), in); err == nil {
			b.Fatal("there is no such VPC")
		}
		trace.Entries = trace.Entries[:0]
	}
}
