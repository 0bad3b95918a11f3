package ecs

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/world"
)

// crowd gives the cluster shop 5,000 instances, all like its first one.
func (s *stage) crowd() {
	s.t.Helper()
	first := s.instances()[0]
	host, _ := s.Region.EC2.Instances.Get(first.EC2ID)
	for n := s.k().Instances.Len(); n < mostInstances; n++ {
		i, h := *first, *host
		i.ID, i.EC2ID, i.Zone = s.Hex(32), s.NewID("i"), []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"}[n%3]
		i.ARN, h.ID = instanceARN(s.Region, s.k().Cluster, i.ID), i.EC2ID
		i.Remaining, i.Attributes = agent.Copied(first.Remaining), slices.Clone(first.Attributes)
		s.Region.EC2.Instances.Put(h.ID, &h)
		s.k().Instances.Put(i.ID, &i)
	}
}

func BenchmarkRunTaskAmong5000Instances(b *testing.B) {
	for name, constraint := range map[string][]types.PlacementConstraint{"": nil, "member": {member("attribute:ecs.instance-type =~ t3.*")}} {
		b.Run("constraints="+name, func(b *testing.B) {
			s := newStage(b)
			s.shopOf(1)
			s.crowd()
			for b.Loop() {
				out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.PlacementConstraints = constraint })
				b.StopTimer()
				for _, f := range must(s, out, err).Failures {
					b.Fatal(*f.Reason)
				}
				k := s.k()
				t, _ := k.Tasks.Get(nameOf(*out.Tasks[0].TaskArn))
				k.end(t)
				k.Tasks.Delete(t.ID)
				b.StartTimer()
			}
		})
	}
}

func BenchmarkPassOf80TasksAmong5000Instances(b *testing.B) {
	s := newStage(b)
	s.shopOf(1)
	s.crowd()
	must(s, 0, s.create(1000, func(in *ecs.CreateServiceInput) { in.ServiceName = aws.String("api") }))
	k := s.k()
	row, _ := k.Services.Get("api")
	tasks := &world.Table[world.Task]{}
	for b.Loop() {
		if got := k.launch(row, mostStarts); got != mostStarts {
			b.Fatal(fmt.Sprint("started ", got))
		}
		b.StopTimer()
		for t := range k.Tasks.Rows() {
			tasks.Put(t.ID, t)
		}
		for id, t := range tasks.All() {
			k.end(t)
			k.Tasks.Delete(id)
			tasks.Delete(id)
		}
		b.StartTimer()
	}
}
