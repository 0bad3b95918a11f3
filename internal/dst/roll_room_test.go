package dst

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/roll"
	"berth/internal/sim/world"
)

// roomModes begin with what there is room for.
func roomModes() []mode {
	out := []mode{
		{"02 a host port that is taken everywhere finds room on a new instance", func(r *rota) {
			r.offers("api", "berth.sim/api:1?boot=2s", 3, port(8080))
			r.pass(2 * time.Minute)
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"02 an attribute that no new instance has", func(r *rota) {
			r.put("workload", "special", r.nodes()[0])
			r.offers("pinned", "berth.sim/pinned:1", 1, only("attribute:workload == special"))
			r.pass(2 * time.Minute)
			r.unplaceable("pinned", 2)
		}},
		{"02 an attribute that no new instance has, of the only instance that is to go", func(r *rota) {
			r.put("workload", "special", r.nodes()[0])
			r.offers("pinned", "berth.sim/pinned:1", 1, only("attribute:workload == special"))
			r.pass(2 * time.Minute)
			r.order.Instances = []string{r.nodes()[0].id}
			r.unplaceable("pinned", 0)
			r.spared()
		}},
		{"10 no capacity", func(r *rota) { r.short("no capacity for t3.large", "capacity") }},
		{"10 a quota", func(r *rota) { r.short("quota L-1216C47A is 6", "vCPU") }},
		{"10 no free addresses", func(r *rota) {
			r.Sim.With(func(w *world.World) {
				for s := range w.Region("eu-west-1").EC2.Subnets.Rows() {
					for n := range 1 << 12 {
						s.Taken[n] = true
					}
				}
			})
			r.short("", "address")
		}},
		{"10 a maximum size that may not be raised", func(r *rota) {
			r.crowded()
			r.loose = true // a group that cannot grow lacks one, and with it a zone
			r.order.AllowOutage = true
			r.comes(roll.Replaced)
			r.replaced(3)
			if n := len(r.called("LaunchInstances")) + len(r.called("UpdateAutoScalingGroup")); n > 0 {
				r.t.Errorf("the group was to be left as it is\n%s", r.story())
			}
			r.asBefore()
		}},
		{"10 a maximum size that may be raised", func(r *rota) {
			r.Sim.With(func(w *world.World) {
				for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
					g.Max = 3
				}
			})
			r.once(draining, func(r *rota) {
				if got := r.sizes(); got != "3 4 4 4 of berth:surge 1 of 3" {
					r.t.Errorf("the group is %s", got)
				}
			})
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
		{"23 a group of one instance", func(r *rota) {
			r = newRota(r.t, func(r *rota) { r.offers("web", "berth.sim/web:1?boot=5s", 2, r.public(20)) }, solo, aged)
			r.ends(roll.Replaced)
			r.replaced(1)
		}},
		{"23 a group of one instance that may have no second", func(r *rota) {
			r = newRota(r.t, func(r *rota) { r.offers("web", "berth.sim/web:1?boot=5s", 2, r.public(20)) }, solo, aged)
			r.order.BeyondMax = false
			r.ends(roll.Refused, "none can be spared", "surge_beyond_max")
			r.silent()
		}},
		{"23 each zone has one instance, and none may come beside it", func(r *rota) {
			r.crowded()
			r.ends(roll.Refused, "no other instance works in eu-west-1")
			r.silent()
		}},
		{"23 all old instances drain together", func(r *rota) {
			r.order.Strategy = roll.Double
			r.ends(roll.Replaced)
			r.replaced(3)
		}},
	}
	for name, does := range map[string]func(*rota){ // unordered: each is by itself
		"02 a host port and no room for another instance":       func(r *rota) { r.offers("api", "berth.sim/api:1", 3, port(8080)) },
		"02 one task an instance and no room for another":       func(r *rota) { r.offers("api", "berth.sim/api:1", 3, apart) },
		"02 network interfaces and no room for another":         func(r *rota) { r.offers("api", "berth.sim/api:1", 6, r.wired) },
		"02 processors and memory and no room for another node": func(r *rota) { r.offers("api", "berth.sim/api:1", 3, heavy(1200, 4000)) },
	} {
		out = append(out, mode{name, func(r *rota) {
			does(r)
			r.pass(3 * time.Minute)
			r.crowded()
			r.ends(roll.Refused, "a task of api fits nowhere else: ")
			r.silent()
		}})
	}
	return out
}

// solo is a cluster of one instance.
const solo = `
environment        = "acc"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b"]
instance_type      = "t3.large"
min_size           = 1
max_size           = 1
desired_capacity   = 1
managed_scaling    = false
load_balancers     = { public = {} }
`

// heavy gives the tasks of a service this much processor and memory.
func heavy(cpu, memory int32) detail {
	return func(d *ecs.RegisterTaskDefinitionInput, _ *ecs.CreateServiceInput) {
		d.ContainerDefinitions[0].Cpu, d.ContainerDefinitions[0].Memory = cpu, &memory
	}
}

// wired gives the tasks of a service network interfaces of their own.
func (r *rota) wired(d *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
	d.NetworkMode = types.NetworkModeAwsvpc
	var subnets []string
	r.Sim.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			subnets = g.Subnets
		}
	})
	in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: subnets}}
}

// crowded takes away the room for further instances.
func (r *rota) crowded() {
	r.Sim.With(func(w *world.World) {
		for g := range w.Region("eu-west-1").AutoScaling.Groups.Rows() {
			g.Max = g.Desired
		}
	})
	r.order.BeyondMax = false
}

// put gives a container instance an attribute.
func (r *rota) put(name, value string, n node) {
	r.t.Helper()
	_, err := r.ecs.PutAttributes(r.t.Context(), &ecs.PutAttributesInput{Cluster: new("acc"), Attributes: []types.Attribute{{
		Name: &name, Value: &value, TargetId: &n.ARN, TargetType: types.TargetTypeContainerInstance,
	}}})
	r.must(err)
}

// unplaceable wants instances whose tasks fit on no new one to be left in peace, the others to be replaced, and somebody to say so in time.
func (r *rota) unplaceable(service string, others int) {
	r.t.Helper()
	d := r.ends(roll.Incomplete, "a task of "+service+" fits on no new instance, however empty: it does not match attribute:workload == special")
	r.replaced(others)
	if took := d.Memory.Ended.Sub(d.Memory.Began); took > 20*time.Minute {
		r.t.Errorf("it took %s\n%s", took, r.story())
	}
}

// spared wants none of the instances from before to have been drained.
func (r *rota) spared() {
	r.t.Helper()
	if left := r.remain(); len(left) != len(r.first) {
		r.t.Errorf("of %v there are %v", r.first, left)
	}
	for _, a := range r.done {
		if a.Verb != roll.StartDrain {
			continue
		}
		for _, o := range r.looks[len(r.looks)-1].Memory.Olds {
			if strings.Contains(strings.Join(a.ARNs, " "), o.ARN) {
				r.t.Errorf("%s was drained\n%s", o.ID, r.story())
			}
		}
	}
}

// short wants a cluster whose group gets no new instance to be left as it is, and to be told why.
func (r *rota) short(fault, why string) {
	r.t.Helper()
	if fault != "" {
		r.fault(fault)
	}
	d := r.ends(roll.Failed, why)
	r.untouched()
	if len(d.Memory.News) > 0 {
		r.t.Errorf("there are new instances: %+v", d.Memory.News)
	}
}
