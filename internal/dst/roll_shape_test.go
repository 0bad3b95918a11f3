package dst

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"berth/internal/config"
	"berth/internal/sim/world"
)

// shape is a cluster that worlds of rolls begin with. Its instances are outdated: their groups have another launch template version.
type shape struct {
	name string
	text string // of the file, beyond what all have
}

// waters is what all shapes have; renewing is what is changed once the instances are there.
const (
	waters = `
environment     = "acc"
aws_region      = "eu-west-1"
vpc_cidr        = "10.0.0.0/16"
nat             = "single"
instance_type   = "t3.large"
custom_userdata = "echo one"
`
	renewing = `custom_userdata = "echo two"`
)

const (
	oneZone    = `availability_zones = ["eu-west-1a"]` + "\nload_balancers = {}\n"
	twoZones   = `availability_zones = ["eu-west-1a", "eu-west-1b"]` + "\n"
	threeZones = `availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]` + "\n"
)

// sized is the default group's sizes.
func sized(least, desired, most int) string {
	return fmt.Sprintf("min_size = %d\ndesired_capacity = %d\nmax_size = %d\n", least, desired, most)
}

// shapes are the clusters, the smaller ones first.
func shapes() []shape {
	arm := func(n, most int) string {
		return fmt.Sprintf(`arm = { instance_type = "m7g.large", min_size = %d, desired_capacity = %d, max_size = %d }`, min(n, 1), n, most)
	}
	spot := func(n, most int) string {
		return fmt.Sprintf(`spot = { instance_type = "m7i.large", spot = true, min_size = 0, desired_capacity = %d, max_size = %d }`, n, most)
	}
	groups := func(list ...string) string {
		text := "instance_groups = {\n"
		for _, one := range list {
			text += "  " + one + "\n"
		}
		return text + "}\n"
	}
	const unmanaged = "managed_scaling = false\n"
	return []shape{
		{"three in three zones, full", threeZones + sized(3, 3, 3)},
		{"one", twoZones + sized(1, 1, 1)},
		{"two in two zones", twoZones + sized(1, 2, 4) + unmanaged},
		{"four in one zone", oneZone + sized(2, 4, 4)},
		{"three of each of two architectures", threeZones + sized(3, 3, 6) + groups(arm(3, 4))},
		{"four and two spot", twoZones + sized(2, 4, 5) + unmanaged + groups(spot(2, 2))},
		{"five in three zones", threeZones + sized(2, 5, 10)},
		{"nine", threeZones + sized(3, 9, 9)},
		{"twelve in three groups", threeZones + sized(6, 6, 6) + unmanaged + groups(arm(3, 3), spot(3, 6))},
		{"fourteen in two groups", twoZones + sized(4, 10, 12) + groups(arm(4, 6))},
		{"twenty-four", threeZones + sized(6, 24, 24)},
		{"sixty in three groups", threeZones + sized(30, 40, 44) + unmanaged + groups(arm(12, 12), spot(8, 10))},
	}
}

// small shapes are for the seeds that every test runs: the first so many.
const smallShapes = 6

// docks makes each shape once, and forks it for every world.
type docks struct {
	mu   sync.Mutex
	rigs map[string]*Rig
}

func newDocks() *docks { return &docks{rigs: map[string]*Rig{}} }

// fork is a rig of a shape, and its file as it is by then.
func (d *docks) fork(t *testing.T, s shape) (*Rig, *config.Config) {
	t.Helper()
	c := Load(t, waters, s.text, renewing)
	d.mu.Lock()
	defer d.mu.Unlock()
	base, made := d.rigs[s.name]
	if !made {
		base = NewRig(1)
		base.Sim.With(func(w *world.World) {
			w.Region("eu-west-1").Quotas = map[string]int{"L-1216C47A": 1024, "L-34B43A08": 1024}
		})
		fine(t, base.Apply(Load(t, waters, s.text)))
		base.Sim.With(func(w *world.World) { w.Advance(12 * time.Minute) })
		fine(t, base.Apply(c))
		base.Sim.With(func(w *world.World) { w.Advance(2 * time.Minute) })
		d.rigs[s.name] = base
	}
	return base.Fork(t), c
}

// many lets the worlds of a long proof run beside each other; a short one runs them one by one.
func many(t *testing.T, least int) {
	t.Helper()
	if *seeds > least {
		t.Parallel()
	}
}
