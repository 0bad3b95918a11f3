package placement

import (
	"slices"
	"strings"
	"testing"

	"berth/internal/live"
)

func TestAnInstanceLacksExactlyWhatIsWrongWithIt(t *testing.T) {
	with := func(change func(d *Demand, i *live.Instance, s *Site)) func() (Demand, live.Instance, Site) {
		return func() (Demand, live.Instance, Site) {
			d, i, s := web(), host(1, "eu-west-1a"), Site{}
			change(&d, &i, &s)
			return d, i, s
		}
	}
	for name, c := range map[string]struct {
		make   func() (Demand, live.Instance, Site)
		what   string // the lacks in order
		text   string
		remedy string
		ever   bool
	}{
		"nothing": {make: with(func(*Demand, *live.Instance, *Site) {})},
		"cpu": {
			make: with(func(_ *Demand, i *live.Instance, _ *Site) { i.Free.CPU = 300 }), what: CPU,
			text: "512 CPU units wanted, 300 of 2048 free", remedy: "212 CPU units more must become free, or the task want at most 300.",
		},
		"cpu for ever": {
			make: with(func(d *Demand, _ *live.Instance, _ *Site) { d.Room.CPU = 4096 }), what: CPU, ever: true,
			text: "4096 CPU units wanted, 2048 of 2048 free", remedy: "must want at most 2048 CPU units, which is all that this t3.large has",
		},
		"memory for a daemon that comes": {make: with(func(d *Demand, i *live.Instance, s *Site) {
			i.Free.Memory, s.Daemons = 1100, []Demand{{Group: "service:agent", Room: live.Room{Memory: 100}, Daemon: true}}
		}), what: Memory, text: "1024 MiB of memory wanted, 1000 of 7600 free"},
		"memory beside a daemon that is there": {make: with(func(_ *Demand, i *live.Instance, s *Site) {
			i.Free.Memory, s.Daemons = 1100, []Demand{{Group: "service:agent", Room: live.Room{Memory: 100}, Daemon: true}}
			s.Tasks = []live.Task{task(1, "service:agent", *i)}
		})},
		"gpu": {
			make: with(func(d *Demand, _ *live.Instance, _ *Site) { d.Room.GPUs = 1 }), what: GPU, ever: true,
			text: "1 GPU wanted, 0 of 0 free", remedy: "needs an instance type with 1 GPU; t3.large has 0",
		},
		"eni": {
			make: with(func(d *Demand, i *live.Instance, _ *Site) { d.Room.ENIs, i.Free.ENIs = 1, 0 }), what: ENI,
			text: "1 network interface wanted, 0 of 2 free",
		},
		"eni for ever": {
			make: with(func(d *Demand, i *live.Instance, _ *Site) { d.Room.ENIs, i.Free.ENIs, i.Total.ENIs = 2, 0, 1 }), what: ENI, ever: true,
			remedy: "awsvpcTrunking",
		},
		"eni that nobody has looked for": {
			make: with(func(d *Demand, i *live.Instance, _ *Site) { d.Room.ENIs, i.Free.ENIs, i.Total.ENIs = 1, 0, 0 }),
		},
		"a port that a task has": {make: with(func(d *Demand, i *live.Instance, _ *Site) {
			d.Room.TCP, i.Free.TCP = []int{8080}, append(i.Free.TCP, 8080)
		}), what: Port, text: "port 8080 is taken by another task", remedy: "hostPort be 0, which is dynamic"},
		"a port that the agent gave": {make: with(func(d *Demand, i *live.Instance, s *Site) {
			other := task(7, "service:other", *i)
			other.Containers = []live.Container{{Ports: []live.Port{{Host: 33000, Protocol: "udp"}, {Host: 33001, Protocol: "tcp"}}}}
			d.Room.UDP, d.Room.TCP, s.Tasks = []int{33000}, []int{33000}, []live.Task{other}
		}), what: UDPPort, text: "udp port 33000 is taken by task t7 of service:other"},
		"a port of the instance": {
			make: with(func(d *Demand, _ *live.Instance, _ *Site) { d.Room.TCP = []int{22} }), what: Port, ever: true,
			text: "port 22 is taken by the instance itself", remedy: "use another hostPort",
		},
		"too many ports": {make: with(func(d *Demand, i *live.Instance, _ *Site) {
			d.Room.TCP = []int{8080, 8081}
			for p := range 94 {
				i.Free.UDP = append(i.Free.UDP, 10000+p)
			}
		}), what: Ports, text: "2 host ports wanted, 1 of 100 are free", remedy: "ECS reserves at most 100"},
		"attribute": {
			make: with(func(d *Demand, _ *live.Instance, _ *Site) {
				d.Requires = []string{newer + "efs", "ecs.cpu-architecture=arm64"}
			}),
			what: Attribute + " " + Attribute, ever: true, remedy: "the instance is x86_64 and the task is for arm64",
		},
		"constraint": {make: with(func(d *Demand, _ *live.Instance, _ *Site) {
			d.Constraints = []Constraint{{memberOf, "attribute:ecs.instance-type =~ m5.* and attribute:stack == prod"}}
		}), what: Expression, ever: true, remedy: `but ecs.instance-type is "t3.large" and it has no stack`},
		"a constraint over tasks": {make: with(func(d *Demand, _ *live.Instance, _ *Site) {
			d.Constraints = []Constraint{{memberOf, "task:group == service:agent"}}
		}), what: Expression},
		"a constraint that cannot be read": {
			make: with(func(d *Demand, _ *live.Instance, _ *Site) { d.Constraints = []Constraint{{memberOf, "nonsense"}} }),
			what: Expression, ever: true, remedy: "cannot be read",
		},
		"distinct": {make: with(func(d *Demand, i *live.Instance, s *Site) {
			d.Constraints, s.Tasks = []Constraint{{Type: distinctInstance}}, []live.Task{task(1, "service:web", *i)}
		}), what: Distinct, text: "a task of web is there already"},
		"a task that is to stop does not count": {make: with(func(d *Demand, i *live.Instance, s *Site) {
			one := task(1, "service:web", *i)
			one.Desired = stopped
			d.Constraints, s.Tasks = []Constraint{{Type: distinctInstance}}, []live.Task{one}
		})},
		"agent and draining": {make: with(func(_ *Demand, i *live.Instance, _ *Site) { i.Connected, i.Status = false, "DRAINING" }), what: Agent + " " + Draining},
		"provider": {
			make: with(func(d *Demand, _ *live.Instance, _ *Site) { d.Providers = []Provider{{Name: "batch", Weight: 1}} }), what: Capacity, ever: true,
			text: "it belongs to the capacity provider prod_shop_default",
		},
		"zone":       {make: with(func(d *Demand, _ *live.Instance, _ *Site) { d.Zones = []string{"eu-west-1b"} }), what: Zone, ever: true, remedy: "a subnet in eu-west-1a"},
		"not joined": {make: with(func(_ *Demand, i *live.Instance, _ *Site) { i.ARN, i.Status, i.Connected = "", "", false }), what: NotJoined},
		"leaving":    {make: with(func(_ *Demand, i *live.Instance, _ *Site) { i.Status = "DEREGISTERING" }), what: NotJoined, text: "it is DEREGISTERING"},
	} {
		t.Run(name, func(t *testing.T) {
			d, i, s := c.make()
			lacks := Lacks(d, i, s)
			var what []string
			for _, l := range lacks {
				what = append(what, l.What)
			}
			if got := strings.Join(what, " "); got != c.what {
				t.Fatalf("lacks %q", got)
			}
			if got := sentence(lacks); !strings.Contains(got, c.text) {
				t.Error(got)
			}
			if got := Remedy(lacks, i); !strings.Contains(got, c.remedy) || (got == "") != (c.what == "") {
				t.Error(got)
			}
			if got := slices.ContainsFunc(lacks, func(l Lack) bool { return l.Ever }); got != c.ever || Possible(lacks) == c.ever {
				t.Error("for ever:", got)
			}
		})
	}
}
