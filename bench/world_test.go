package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// largeFile is a cluster that is as large as ECS lets one be.
const largeFile = `
environment          = "big"
aws_region           = "eu-west-1"
vpc_cidr             = "10.0.0.0/16"
availability_zones   = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
public_subnet_cidrs  = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
private_subnet_cidrs = ["10.0.32.0/19", "10.0.64.0/19", "10.0.96.0/19"]
nat                  = "single"
instance_type        = "t3.medium"
min_size             = 1
desired_capacity     = 1
max_size             = 5000
managed_scaling      = false
`

// The large world: instances, services, and tasks of each.
const (
	largeInstances = 5000
	largeServices  = 1000
	largeTasks     = 20
)

// large boots the large world: the tool makes the cluster, and its owner the services.
func large(tb testing.TB) *sim.Sim {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "ecs.tfvars")
	if err := os.WriteFile(file, []byte(largeFile), 0o600); err != nil {
		tb.Fatal(err)
	}
	c, faults := config.Load(config.Sources{Files: []string{file}})
	if faults.Failed() {
		tb.Fatal(faults.String())
	}
	s := sim.New(world.New(1))
	s.With(func(w *world.World) {
		w.Tuning.NoLimit = true
		w.Region("eu-west-1").Quotas = map[string]int{"L-1216C47A": 20_000, "L-DF5E4CA3": 6000} // vCPUs of on-demand instances, network interfaces
	})
	client := cloud.Embedded(s.Client(), c.Region, cloud.Options{Clock: s, Run: "bench", Width: 1})
	build(tb, drive.Cluster{Cloud: client, Config: c})
	grow(tb, s, client.Groups)
	serviceful(tb, s, client.ECS)
	return s
}

// grow lets the group have all of its instances.
func grow(tb testing.TB, s *sim.Sim, client *autoscaling.Client) {
	tb.Helper()
	_, err := client.UpdateAutoScalingGroup(tb.Context(), &autoscaling.UpdateAutoScalingGroupInput{
		AutoScalingGroupName: aws.String("big_big_default"), MinSize: aws.Int32(largeInstances), DesiredCapacity: aws.Int32(largeInstances),
	})
	if err == nil {
		err = s.Sleep(tb.Context(), 10*time.Minute)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// build makes a cluster.
func build(tb testing.TB, cluster drive.Cluster) {
	tb.Helper()
	job := drive.Job{Cluster: cluster, Who: lease.Holder{Owner: "bench", Host: "test", Verb: "apply", Run: "bench"}, Again: cluster.Survey}
	job.Agree = func(drive.Survey) error { return nil }
	survey, err := cluster.Survey(tb.Context())
	if err == nil {
		_, _, err = job.Do(tb.Context(), survey)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// serviceful lets services run in the cluster, and waits until they all do.
func serviceful(tb testing.TB, s *sim.Sim, client *ecs.Client) {
	tb.Helper()
	ctx := context.Background()
	cluster := aws.String("big")
	_, err := client.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{Family: aws.String("web"), ContainerDefinitions: []types.ContainerDefinition{{
		Name: aws.String("web"), Image: aws.String("nginx"), Cpu: 256, Memory: aws.Int32(512),
		PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80)}},
	}}})
	for n := 0; n < largeServices && err == nil; n++ {
		_, err = client.CreateService(ctx, &ecs.CreateServiceInput{
			Cluster: cluster, ServiceName: aws.String(fmt.Sprint("web", n)), TaskDefinition: aws.String("web"), DesiredCount: aws.Int32(largeTasks),
			LaunchType: types.LaunchTypeEc2,
		})
	}
	if err == nil {
		err = s.Sleep(ctx, 10*time.Minute)
	}
	if err != nil {
		tb.Fatal(err)
	}
	s.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("big")
		if k.RunningTasks != largeServices*largeTasks || k.Instances.Len() != largeInstances {
			tb.Fatalf("%d tasks on %d instances", k.RunningTasks, k.Instances.Len())
		}
	})
}

// BenchmarkLargeWorld reports seconds of CPU, so that others may use the machine too.
func BenchmarkLargeWorld(b *testing.B) {
	for b.Loop() {
		began, at := cpu(b), time.Now()
		s := large(b)
		b.ReportMetric((cpu(b) - began).Seconds(), "boot-cpu-s")
		b.ReportMetric(time.Since(at).Seconds(), "boot-s")
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB")

		began = cpu(b)
		if err := s.Sleep(context.Background(), time.Hour); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric((cpu(b) - began).Seconds(), "hour-cpu-s")

		began, at = cpu(b), time.Now()
		state, err := s.Save()
		if err == nil {
			b.ReportMetric((cpu(b) - began).Seconds(), "save-cpu-s")
			b.ReportMetric(time.Since(at).Seconds(), "save-s")
			b.ReportMetric(float64(len(state))/(1<<20), "state-MiB")
			began, at = cpu(b), time.Now()
			err = s.Load(state)
			b.ReportMetric((cpu(b) - began).Seconds(), "load-cpu-s")
			b.ReportMetric(time.Since(at).Seconds(), "load-s")
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(0, "ns/op")
}
