package dst

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/observe/service"
	"berth/internal/overview"
	"berth/internal/sim/world"
)

// wire makes a service whose tasks have a network interface each.
func (s *stand) wire(name string, cpu, tasks int32) {
	s.t.Helper()
	d, err := s.ecs.RegisterTaskDefinition(s.t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: &name, NetworkMode: types.NetworkModeAwsvpc,
		ContainerDefinitions: []types.ContainerDefinition{{Name: &name, Image: new("berth.sim/wired:1?boot=5s"), Cpu: cpu, Memory: new(int32(64))}},
	})
	s.must(err)
	subnets := []string{}
	s.Sim.With(func(w *world.World) {
		for sub := range w.Region("eu-west-1").EC2.Subnets.Rows() {
			if !sub.MapPublicIP {
				subnets = append(subnets, sub.ID)
			}
		}
	})
	_, err = s.ecs.CreateService(s.t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &name, TaskDefinition: d.TaskDefinition.TaskDefinitionArn, DesiredCount: &tasks,
		NetworkConfiguration: &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: subnets}},
	})
	s.must(err)
}

// isShortOfCPU has a service whose tasks want an interface, which is there, and CPU units, which are not.
func (s *stand) isShortOfCPU(c *config.Config) {
	s.t.Helper()
	s.wire("greedy", 4096, 1)
	s.pass(5 * time.Minute)
	found := s.why(c, "greedy")
	if len(found) == 0 || found[0].Code != "WHY401" || strings.Contains(strings.Join(found[0].Evidence, "; "), "interface") {
		s.t.Errorf("%+v", found)
	}
}

func TestALostZoneIsWeighedWithTheInterfacesThatAreFree(t *testing.T) {
	s, c := newStand(t), Load(t, shop)
	s.wire("wired", 64, 3)
	s.pass(5 * time.Minute)
	for name, sv := range map[string]overview.Service{
		"all": s.services(c)["wired"], "one": s.overviewAs(c, "services", service.Breadth{Name: "wired"})["wired"],
	} {
		s.agreesOn(sv)
		for _, l := range sv.Loss {
			if l.Fits != l.Lost {
				t.Errorf("%s: the other instances have interfaces to spare: %+v", name, l)
			}
		}
		if len(sv.Loss) == 0 {
			t.Errorf("%s: %+v", name, sv)
		}
	}
}
