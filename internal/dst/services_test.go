package dst

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/diagnose"
	"berth/internal/model"
	"berth/internal/observe/service"
	"berth/internal/overview"
	"berth/internal/sim/world"
)

// services asks how all services are, as berth services does and with its permissions.
func (s *stand) services(c *config.Config) map[string]overview.Service {
	s.t.Helper()
	return s.overviewAs(c, "services", service.Breadth{})
}

func (s *stand) overviewAs(c *config.Config, verb string, b service.Breadth) map[string]overview.Service {
	s.t.Helper()
	cluster, _ := s.acting(c, verb)
	scope := model.Scope{Region: c.Region, Environment: c.Environment, Cluster: c.Cluster}
	found, err := service.Overview(s.t.Context(), cluster.Cloud, scope, b)
	s.must(err)
	all := overview.Of(found, nil, diagnose.Of(found))
	out := map[string]overview.Service{}
	for _, sv := range all {
		out[sv.Name] = sv
	}
	return out
}

// truth is what the world itself knows of a service: its running tasks by zone.
func (s *stand) truth(name string) map[string]int {
	zones := map[string]int{}
	s.Sim.With(func(w *world.World) {
		for r := range w.Regions.Rows() {
			for k := range r.ECS.Clusters.Rows() {
				for t := range k.Tasks.Rows() {
					if t.Service == name && t.Status == "RUNNING" && t.Desired == "RUNNING" {
						zones[t.Zone]++
					}
				}
			}
		}
	})
	return zones
}

// agrees fails unless an overview tells of a service what the world knows.
func (s *stand) agreesOn(sv overview.Service) {
	s.t.Helper()
	want := s.truth(sv.Name)
	got := map[string]int{}
	all := 0
	for _, z := range sv.Zones {
		if all += z.Tasks; z.Tasks > 0 {
			got[z.Zone] = z.Tasks
		}
	}
	if !maps.Equal(got, want) || sv.Running < all { // ECS goes on counting tasks of instances that are gone until it gives them up
		s.t.Errorf("%s: %d run, by zone %v, and in the world %v", sv.Name, sv.Running, got, want)
	}
	for _, l := range sv.Loss {
		if l.Lost != want[l.Zone] || l.Left != all-l.Lost || !l.Known {
			s.t.Errorf("%s: %+v, and in the world %v", sv.Name, l, want)
		}
	}
}

// serve makes a service without a load balancer.
func (s *stand) serve(name, image string, daemon bool, tasks int32) {
	s.t.Helper()
	d, err := s.ecs.RegisterTaskDefinition(s.t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: &name, ContainerDefinitions: []types.ContainerDefinition{{Name: &name, Image: &image, Cpu: 128, Memory: new(int32(128))}},
	})
	s.must(err)
	in := &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &name, TaskDefinition: d.TaskDefinition.TaskDefinitionArn, LaunchType: types.LaunchTypeEc2, DesiredCount: &tasks,
	}
	if daemon {
		in.SchedulingStrategy, in.DesiredCount = types.SchedulingStrategyDaemon, nil
	}
	_, err = s.ecs.CreateService(s.t.Context(), in)
	s.must(err)
}

func TestServicesAreShownAsTheyAre(t *testing.T) {
	s, c := newStand(t), Load(t, shop)
	s.serve("worker", "berth.sim/worker:1?boot=5s", false, 2)
	s.serve("agent", "berth.sim/agent:1?boot=5s", true, 0)
	s.pass(5 * time.Minute)
	seen := s.services(c)
	if names := slices.Sorted(maps.Keys(seen)); !slices.Equal(names, []string{"agent", "web", "worker"}) {
		t.Fatalf("there are %v", names)
	}
	for _, sv := range seen {
		s.agreesOn(sv)
		if sv.Trouble != nil || sv.Running != sv.Desired || sv.Healthy != sv.Running || sv.Deployment.Status != "COMPLETED" {
			t.Errorf("all is well, and yet: %+v, trouble %+v", sv, sv.Trouble)
		}
	}
	if by := []string{seen["web"].By, seen["worker"].By}; !slices.Equal(by, []string{overview.ByTargets, overview.ByTasks}) {
		t.Errorf("the health is told by %v", by)
	}
	if got := seen["web"].Balancers; !slices.Equal(got, []string{"acc-acc-public"}) {
		t.Errorf("web stands behind %v", got)
	}
	if d := seen["agent"]; !d.Daemon || d.Running != 5 {
		t.Errorf("the daemon: %+v", d)
	}
	s.showsTheSameElsewhere(c, seen)
}

// showsTheSameElsewhere asks status, and about one service alone.
func (s *stand) showsTheSameElsewhere(c *config.Config, seen map[string]overview.Service) {
	s.t.Helper()
	t := s.t
	for _, l := range seen["web"].Loss {
		if l.Fits != l.Lost {
			t.Errorf("there is room elsewhere for all: %+v", l)
		}
	}
	glance := s.overviewAs(c, "status", service.Breadth{Glance: true})
	for name, sv := range seen {
		g := glance[name]
		if g.Running != sv.Running || g.Healthy != sv.Healthy || g.By != sv.By || !slices.Equal(g.Zones, sv.Zones) {
			t.Errorf("status says of %s %+v, and services %+v", name, g, sv)
		}
		if g.Deployment != sv.Deployment || !slices.Equal(g.Balancers, sv.Balancers) {
			t.Errorf("status says of the deployment of %s %+v behind %v, and services %+v behind %v", name, g.Deployment, g.Balancers, sv.Deployment, sv.Balancers)
		}
	}
	one := s.overviewAs(c, "services", service.Breadth{Name: "web"})["web"]
	s.agreesOn(one)
}

func TestServicesInTroubleAreShownWithTheirCause(t *testing.T) {
	base, c := newStand(t), Load(t, shop)
	t.Run("a deployment under way", func(t *testing.T) {
		s := base.fork(t)
		s.update("berth.sim/web:2?boot=2m")
		s.pass(20 * time.Second)
		sv := s.services(c)["web"]
		if sv.Deployment.Status != "IN_PROGRESS" || sv.Deployment.Revision != "web:2" || sv.Trouble != nil || sv.Healthy < sv.Desired {
			t.Errorf("%+v, trouble %+v", sv, sv.Trouble)
		}
	})
	t.Run("a crash loop", func(t *testing.T) {
		s := base.fork(t)
		s.serve("worker", "berth.sim/worker:1?crash=3s&exit=3", false, 2)
		s.pass(5 * time.Minute)
		sv := s.services(c)["worker"]
		s.agreesOn(sv)
		if sv.Trouble == nil || sv.Trouble.Code != "WHY201" {
			t.Errorf("%+v, trouble %+v", sv, sv.Trouble)
		}
	})
	t.Run("targets that are not healthy", func(t *testing.T) {
		s := base.fork(t)
		s.update("berth.sim/web:2?unhealthy")
		s.pass(3 * time.Minute)
		sv := s.services(c)["web"]
		if sv.Healthy < 6 {
			t.Errorf("the old tasks serve: %+v", sv)
		}
		if sv.Healthy >= sv.Running {
			t.Errorf("the new ones are not healthy: %+v", sv)
		}
	})
	t.Run("rolled back", func(t *testing.T) {
		s := base.fork(t)
		s.update("berth.sim/web:2?pull=missing")
		s.pass(20 * time.Minute)
		sv := s.services(c)["web"]
		s.agreesOn(sv)
		if sv.Deployment.Outcome != "ROLLBACK_SUCCESSFUL" || sv.Deployment.Revision != "web:1" || sv.Healthy != 6 {
			t.Errorf("%+v", sv)
		}
		s.showsTheSameElsewhere(c, map[string]overview.Service{"web": sv})
	})
	t.Run("a lost zone", func(t *testing.T) {
		s := base.fork(t)
		s.fault("zone eu-west-1a down")
		s.pass(15 * time.Minute)
		sv := s.services(c)["web"]
		s.agreesOn(sv)
		for _, z := range sv.Zones {
			if z.Zone == "eu-west-1a" && z.Tasks > 0 {
				t.Errorf("%d tasks run in the zone that is gone: %+v", z.Tasks, sv)
			}
		}
	})
}
