package dst

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// machine is an instance as the simulated AWS has it.
type machine struct {
	id, system, key string
	spot, joined    bool
	volumes         []string // device, type, GiB, IOPS and throughput of each
}

// machines are the running instances of the default group, the oldest first.
func (r *Rig) machines() []machine {
	var out []machine
	r.Sim.With(func(w *world.World) {
		region := w.Region("eu-west-1")
		joined := map[string]bool{}
		for c := range region.ECS.Clusters.Rows() {
			for ci := range c.Instances.Rows() {
				joined[ci.EC2ID] = ci.AgentConnected && c.Name == "acc"
			}
		}
		for i := range region.EC2.Instances.Rows() {
			if i.State != world.InstanceRunning {
				continue
			}
			image, _ := ec2.FindImage("eu-west-1", i.ImageID, w.Now())
			m := machine{id: i.ID, system: image.System(), key: i.KeyName, joined: joined[i.ID], spot: i.Spot}
			for _, d := range i.Devices {
				v, _ := region.EC2.Volumes.Get(d.VolumeID)
				m.volumes = append(m.volumes, fmt.Sprint(d.Name, " ", v.Type, " ", v.Size, " ", v.IOPS, " ", v.Throughput, " ", v.Encrypted))
			}
			out = append(out, m)
		}
	})
	return out
}

// renew ends every instance through its group, one after the other, and waits for the next.
func (r *Rig) renew(t *testing.T, c *config.Config) {
	t.Helper()
	cluster, _ := r.cluster(c)
	for _, m := range r.machines() {
		in := &autoscaling.TerminateInstanceInAutoScalingGroupInput{InstanceId: new(m.id), ShouldDecrementDesiredCapacity: new(false)}
		if _, err := cluster.Cloud.Groups.TerminateInstanceInAutoScalingGroup(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		r.Settle()
	}
}

func TestAFamilyChangesForNewInstancesOnlyAndTheyJoin(t *testing.T) {
	r, _ := standing(t, small)
	for _, step := range []struct{ file, system, volumes string }{
		{`ami_family = "bottlerocket"`, "Bottlerocket", "[/dev/xvda gp3 2 3000 125 true /dev/xvdb gp3 20 3000 125 true]"},
		{`ami_family = "al2"`, "Amazon Linux 2", "[/dev/xvda gp3 30 3000 125 true]"},
		{`ami_family = "al2023"`, "Amazon Linux 2023", "[/dev/xvda gp3 30 3000 125 true]"},
		{"ami_family = \"bottlerocket\"\nvolume = { size_gib = 40, iops = 4000, throughput = 250 }", "Bottlerocket", "[/dev/xvda gp3 2 3000 125 true /dev/xvdb gp3 40 4000 250 true]"},
		{"instance_type = \"m7g.large\"\nami_family = \"bottlerocket\"", "Bottlerocket", "[/dev/xvda gp3 2 3000 125 true /dev/xvdb gp3 20 3000 125 true]"},
	} {
		c, before := Load(t, small, step.file), r.machines()
		s, err := r.Survey(c)
		if err != nil {
			t.Fatal(err)
		}
		if impact := s.Plan.Impact(); impact != plan.None {
			t.Errorf("%s: the impact is %s", step.file, impact)
		}
		change, _ := s.Plan.Find(plan.Step{Verb: plan.Update, Key: model.TemplateKey("default")})
		if change.Why != "a new version; running instances keep theirs" {
			t.Errorf("%s: %q", step.file, change.Why)
		}
		if err := r.Apply(c); err != nil {
			t.Fatal(err)
		}
		r.Settle()
		if after := r.machines(); len(after) != len(before) || after[0].id != before[0].id {
			t.Fatalf("%s: a running instance was replaced", step.file)
		}
		r.renew(t, c)
		for _, m := range r.machines() {
			if m.system != step.system || !m.joined || fmt.Sprint(m.volumes) != step.volumes {
				t.Errorf("%s: %+v", step.file, m)
			}
		}
		r.Agrees(t, c, step.file)
	}
}

func TestOfAGroupWithABaseOnlyTheRestIsSpot(t *testing.T) {
	const five = "\nmax_size = 8\ndesired_capacity = 5\nmin_size = 5\n"
	kinds := func(r *Rig) (spot, demand int) {
		for _, m := range r.machines() {
			if m.spot {
				spot++
			} else {
				demand++
			}
		}
		return spot, demand
	}
	for settings, want := range map[string][2]int{
		"spot = true":                                                {5, 0},
		"spot = true\non_demand_base = 2":                            {3, 2},
		"spot = true\non_demand_percentage = 50":                     {2, 3},
		"spot = true\non_demand_base = 1\non_demand_percentage = 25": {3, 2},
		"spot = true\non_demand_base = 7":                            {0, 5},
		"spot = false":                                               {0, 5},
	} {
		r, _ := standing(t, small, settings+five)
		if spot, demand := kinds(r); [2]int{spot, demand} != want {
			t.Errorf("%q: %d spot and %d On-Demand", settings, spot, demand)
		}
	}
}

func TestANewKeyReachesNewInstancesAndTheOldOneGoesOnlyThen(t *testing.T) {
	const first, second = `ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops"`,
		`ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4g ops"`
	names := func(r *Rig) []string {
		var out []string
		r.Sim.With(func(w *world.World) {
			for k := range w.Region("eu-west-1").EC2.KeyPairs.Rows() {
				out = append(out, k.Name)
			}
		})
		return out
	}
	r, _ := standing(t, small, first)
	old := names(r)
	if len(old) != 1 || r.machines()[0].key != old[0] || !strings.HasPrefix(old[0], "acc_acc_default_") {
		t.Fatal(old, r.machines())
	}
	c := Load(t, small, second)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.renew(t, c)
	now := names(r)
	if len(now) != 1 || slices.Contains(now, old[0]) || r.machines()[0].key != now[0] {
		t.Error(now, r.machines())
	}
	c = Load(t, small)
	if err := r.Apply(c); err != nil {
		t.Fatal(err)
	}
	r.renew(t, c)
	if now = names(r); len(now) != 0 || r.machines()[0].key != "" {
		t.Error(now, r.machines())
	}
}

func TestAKeyPairOfSomebodyElseInItsPlaceIsLeftAlone(t *testing.T) {
	r, c := standing(t, small, `ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"`)
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").EC2.KeyPairs.Rows() {
			k.Tags = nil
		}
	})
	if _, err := r.Survey(c); err == nil || !strings.Contains(err.Error(), "key pair acc_acc_default_394cb035 is in the place of key_pair.default/394cb035") {
		t.Error(err)
	}
}

func TestGPUsAreOfferedToTasks(t *testing.T) {
	for _, family := range []string{"al2023", "bottlerocket"} {
		r, _ := standing(t, small, "instance_type = [\"g5.xlarge\", \"g4dn.xlarge\"]\nami_family = \""+family+"\"\n")
		r.Sim.With(func(w *world.World) {
			offered := 0
			for c := range w.Region("eu-west-1").ECS.Clusters.Rows() {
				for ci := range c.Instances.Rows() {
					for _, res := range ci.Registered {
						if res.Name == "GPU" {
							offered += len(res.Set)
						}
					}
				}
			}
			if offered != 1 {
				t.Errorf("%s: %d GPUs", family, offered)
			}
		})
	}
}
