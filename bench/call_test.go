package bench

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/clock"
	"berth/internal/cloud"
	"berth/internal/sim"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// inhabited is a world with a cluster and some instances.
func inhabited(tb testing.TB, instances int32) *sim.Sim {
	tb.Helper()
	s := sim.New(world.New(1))
	s.With(func(w *world.World) {
		w.Tuning.NoLimit = true
		w.Region("eu-west-1").Quotas = map[string]int{"L-1216C47A": 20_000} // vCPUs of on-demand instances
	})
	c := clientOf(s)
	ctx := tb.Context()
	vpc, err := c.EC2.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16")})
	if err != nil {
		tb.Fatal(err)
	}
	subnet, err := c.EC2.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: vpc.Vpc.VpcId, CidrBlock: aws.String("10.0.0.0/20")})
	if err != nil {
		tb.Fatal(err)
	}
	images, err := c.EC2.DescribeImages(ctx, &ec2.DescribeImagesInput{Owners: []string{"amazon"}, Filters: []types.Filter{
		{Name: aws.String("name"), Values: []string{"al2023-ami-ecs-hvm-*-x86_64"}},
	}})
	if err == nil {
		_, err = c.EC2.RunInstances(ctx, &ec2.RunInstancesInput{
			ImageId: images.Images[0].ImageId, InstanceType: types.InstanceTypeT3Micro, SubnetId: subnet.Subnet.SubnetId, MinCount: &instances, MaxCount: &instances,
		})
	}
	if err == nil {
		_, err = c.ECS.CreateCluster(ctx, &ecs.CreateClusterInput{ClusterName: aws.String("shop")})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// clientOf is the SDK in the same process, in one region.
func clientOf(s *sim.Sim) *cloud.Cloud {
	return cloud.Embedded(s.Client(), "eu-west-1", cloud.Options{Clock: s, Run: "bench", Width: 1})
}

// rate reports how many times a second something was done since the process had used so much CPU, and how many times it could be
// done with a second of CPU: others may use the machine too.
func rate(b *testing.B, before time.Duration) {
	b.Helper()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "per-s")
	b.ReportMetric(float64(b.N)/(cpu(b)-before).Seconds(), "per-cpu-s")
	b.ReportMetric(0, "ns/op")
}

// cpu is how much CPU this process has used.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkCall measures calls from three ends: the typed operation that the wire calls, the SDK in the same process, and the
// SDK over loopback, with two clients at work.
func BenchmarkCall(b *testing.B) {
	for _, instances := range []int32{1, 6, 100} {
		s := inhabited(b, instances)
		describe := func(c *cloud.Cloud) error {
			_, err := c.EC2.DescribeInstances(context.Background(), &ec2.DescribeInstancesInput{})
			return err
		}
		clusters := func(c *cloud.Cloud) error {
			_, err := c.ECS.DescribeClusters(context.Background(), &ecs.DescribeClustersInput{Clusters: []string{"shop"}})
			return err
		}
		if instances == 1 {
			b.Run("typed/DescribeClusters", func(b *testing.B) { typed(b, s) })
			b.Run("embedded/DescribeClusters", func(b *testing.B) { embedded(b, s, clusters) })
			b.Run("served/DescribeClusters", func(b *testing.B) { served(b, s, clusters) })
		}
		b.Run(fmt.Sprint("embedded/DescribeInstances-", instances), func(b *testing.B) { embedded(b, s, describe) })
		b.Run(fmt.Sprint("served/DescribeInstances-", instances), func(b *testing.B) { served(b, s, describe) })
	}
}

func typed(b *testing.B, s *sim.Sim) {
	var op wire.Operation[*world.Call]
	for _, service := range sim.Services() {
		if service.Name == "ecs" {
			op = service.Ops["DescribeClusters"]
		}
	}
	before := cpu(b)
	s.With(func(w *world.World) {
		c := &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "ecs", Operation: "DescribeClusters"}
		for b.Loop() {
			if _, err := op.Run(c, &ecs.DescribeClustersInput{Clusters: []string{"shop"}}); err != nil {
				b.Fatal(err)
			}
		}
	})
	rate(b, before)
}

func embedded(b *testing.B, s *sim.Sim, f func(*cloud.Cloud) error) {
	c, before := clientOf(s), cpu(b)
	for b.Loop() {
		if err := f(c); err != nil {
			b.Fatal(err)
		}
	}
	rate(b, before)
}

// served measures calls over HTTP, of as many clients as there are cores.
func served(b *testing.B, s *sim.Sim, f func(*cloud.Cloud) error) {
	server := &sim.Server{Sim: s, Speed: 1}
	l, err := server.Listen("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.Serve(ctx, l) })
	b.Setenv("AWS_ACCESS_KEY_ID", "bench")
	b.Setenv("AWS_SECRET_ACCESS_KEY", "bench")
	c, err := cloud.Open(ctx, cloud.Account{Region: "eu-west-1", Endpoint: "http://" + l.Addr().String()}, cloud.Options{Clock: clock.System(), Run: "bench", Width: Width})
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(4)
	before := cpu(b)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if err := f(c); err != nil {
				b.Error(err)
				return
			}
		}
	})
	rate(b, before)
	stop()
	ended.Wait()
}

// BenchmarkEvents measures how fast a world's time can go by while everything is on record.
func BenchmarkEvents(b *testing.B) {
	w := world.New(1)
	n := 0
	w.Attach(world.Handlers{"bench.tick": {func(w *world.World, e world.Event) {
		n++
		w.Schedule(w.Draw("bench.tick", e.ID, world.Span{Mean: time.Second, Deviation: time.Second / 4, Floor: time.Millisecond}), e)
	}}}, &world.Trace{Most: 100_000})
	for i := range 1000 {
		w.Schedule(0, world.Event{Kind: "bench.tick", Region: "eu-west-1", ID: fmt.Sprint("i-", i)})
	}
	before := cpu(b)
	for b.Loop() {
		w.Advance(time.Second)
	}
	b.ReportMetric(float64(n)/(cpu(b)-before).Seconds(), "events-per-cpu-s")
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events-per-s")
	b.ReportMetric(0, "ns/op")
}
