package sim

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/ec2/outage"
	"berth/internal/sim/scenario"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// plan lets an outage begin now, for as long as a sentence says.
func plan(w *world.World, r *world.Region, o world.Disruption, s scenario.Sentence) error {
	_, err := outage.Plan(w, r, o, 0, s.Time())
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return errors.New(e.Message) // the code is for clients of AWS
	}
	return err
}

// shortage lets something lack room: in the region of its zone, or in the one that is spoken of.
func shortage(w *world.World, r *world.Region, s scenario.Sentence) error {
	if name := s.Words["TYPE"]; name != "" {
		if _, ok := ec2.FindInstanceType(name); !ok {
			return fmt.Errorf("there is no instance type %s", name)
		}
	}
	if zone := s.Words["ZONE"]; zone != "" {
		var err error
		if r, err = regionOf(w, zone); err != nil {
			return err
		}
	}
	return plan(w, r, outage.Capacity(s.Words["ZONE"], s.Words["TYPE"], false), s)
}

// regionOf is the region of a zone.
func regionOf(w *world.World, zone string) (*world.Region, error) {
	name := zone[:len(zone)-1]
	if !slices.ContainsFunc(ec2.Zones(name), func(z ec2.Zone) bool { return z.Name == zone }) {
		return nil, fmt.Errorf("there is no zone %s", zone)
	}
	return w.Region(name), nil
}

// ofZone lets a zone break.
func ofZone(f func(zone string) world.Disruption) deed {
	return func(w *world.World, _ *world.Region, s scenario.Sentence) error {
		r, err := regionOf(w, s.Words["ZONE"])
		if err != nil {
			return err
		}
		return plan(w, r, f(s.Words["ZONE"]), s)
	}
}

// ofInstance lets an instance break.
func ofInstance(f func(id string) world.Disruption) deed {
	return func(w *world.World, r *world.Region, s scenario.Sentence) error {
		i, err := findInstance(r, s.Words["INSTANCE"])
		if err != nil {
			return err
		}
		return plan(w, r, f(i.ID), s)
	}
}

// ofImage lets an image break.
func ofImage(f func(id string) world.Disruption) deed {
	return func(w *world.World, r *world.Region, s scenario.Sentence) error {
		id := s.Words["AMI"]
		if strings.Contains(id, "/") {
			i, err := findInstance(r, id)
			if err != nil {
				return err
			}
			id = i.ImageID
		}
		if _, ok := ec2.FindImage(r.Name, id, w.Now()); !ok {
			return fmt.Errorf("there is no image %s in %s", id, r.Name)
		}
		return plan(w, r, f(id), s)
	}
}

// findInstance finds a running instance by its id, or as "CLUSTER/N": the Nth of those of a cluster that run, in the order in
// which they were registered.
func findInstance(r *world.Region, name string) (*world.Instance, error) {
	in, number, numbered := strings.Cut(name, "/")
	if !numbered {
		i, ok := r.EC2.Instances.Get(name)
		if !ok || i.State != world.InstanceRunning {
			return nil, fmt.Errorf("no instance %s runs in %s", name, r.Name)
		}
		return i, nil
	}
	k, ok := r.ECS.Clusters.Get(in)
	if !ok {
		return nil, fmt.Errorf("there is no cluster %s", in)
	}
	var running []*world.Instance
	for ci := range k.Instances.Rows() {
		if i, ok := r.EC2.Instances.Get(ci.EC2ID); ok && i.State == world.InstanceRunning {
			running = append(running, i)
		}
	}
	n, _ := strconv.Atoi(number) // the language has checked it
	if n > len(running) {
		return nil, fmt.Errorf("%d instances of the cluster %s run, so there is no %s", len(running), in, name)
	}
	return running[n-1], nil
}

// interruptOne takes one Spot Instance back.
func interruptOne(w *world.World, r *world.Region, s scenario.Sentence) error {
	i, err := findInstance(r, s.Words["INSTANCE"])
	switch {
	case err != nil:
		return err
	case !i.Spot:
		return fmt.Errorf("the instance %s is no Spot Instance", i.ID)
	}
	return plan(w, r, outage.Spot(i.ID, "", ""), s)
}

// interruptZone takes all Spot Instances of a zone back.
func interruptZone(w *world.World, _ *world.Region, s scenario.Sentence) error {
	zone := s.Words["ZONE"]
	r, err := regionOf(w, zone)
	if err != nil {
		return err
	}
	for i := range r.EC2.Instances.Rows() {
		if i.Spot && i.Zone == zone && i.State == world.InstanceRunning {
			return plan(w, r, outage.Spot("", zone, ""), s)
		}
	}
	return fmt.Errorf("no Spot Instance runs in %s", zone)
}

// failPulls keeps images from being pulled.
func failPulls(w *world.World, r *world.Region, s scenario.Sentence) error {
	r.ECS.Unpullable.Put(s.Words["IMAGE"], &world.Outage{Kind: s.Words["HOW"], Until: ends(w, s)})
	return nil
}

// healOutages ends all that is broken beside calls, everywhere.
func healOutages(w *world.World, _ *world.Region, _ scenario.Sentence) error {
	for _, r := range w.Regions.All() {
		for id := range r.EC2.Outages.All() {
			outage.End(w, r, id)
		}
		r.EC2.Shortages = slices.DeleteFunc(slices.Clone(r.EC2.Shortages), func(x world.Shortage) bool { return x.Outage == "" })
		r.ECS.Unpullable = world.Table[world.Outage]{}
	}
	return nil
}
