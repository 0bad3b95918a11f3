package placement

import (
	"fmt"
	"maps"
	"slices"

	"berth/internal/live"
)

// ZoneLoss is what the loss of a zone would do to a service.
type ZoneLoss struct {
	Zone    string
	Lost    int    // tasks that run there
	Left    int    // tasks that remain elsewhere
	Fits    int    // of the lost, those for which the remaining instances have room now
	Comes   int    // of the lost, those that come when groups have got new instances in the remaining zones
	Missing string // why the others would not come; or what they wait for; empty: all fit
}

// Loss says of every zone in which a service has tasks, or will have by these landings, what its loss would leave. The site is
// the one that the tasks landed on. A daemon's lost tasks are not placed again: each instance has its own.
func Loss(d Demand, landings []Landing, s Site) []ZoneLoss {
	at := s.after(d, landings)
	zone := map[string]string{}
	for _, i := range at.Instances {
		zone[i.ARN] = i.Zone
	}
	counts, all := map[string]int{}, 0
	for _, t := range at.peersOf(d.Group) {
		z := t.Zone
		if known, ok := zone[t.Instance]; ok {
			z = known
		}
		counts[z]++
		all++
	}
	var out []ZoneLoss
	for _, z := range slices.Sorted(maps.Keys(counts)) {
		l := ZoneLoss{Zone: z, Lost: counts[z], Left: all - counts[z]}
		if !d.Daemon {
			l.place(d, at.lose(z))
		}
		out = append(out, l)
	}
	return out
}

// place lands the lost tasks on what remains.
func (l *ZoneLoss) place(d Demand, rest Site) {
	lander := newLander(d, rest)
	for range l.Lost {
		if at := lander.choose(lander.next()); at != nil {
			lander.land(at)
			l.Fits++
		}
	}
	short := l.Lost - l.Fits
	if short == 0 {
		return
	}
	l.Missing = Summary(lander.unfit(""))
	for _, g := range rest.Groups {
		if len(g.Zones) == 0 {
			continue // it had only the lost one
		}
		grown, _ := lander.grow(growing{g, g.Max}, short-l.Comes)
		if l.Comes += len(grown); len(grown) > 0 {
			l.Missing += fmt.Sprintf("; %s when %s has %d instances in the other zones", plural(len(grown), "comes", "come"), g.Name, grown[len(grown)-1].To)
		}
	}
}

// after is the site when tasks have landed.
func (s Site) after(d Demand, landings []Landing) Site {
	s.Instances, s.Tasks = slices.Clone(s.Instances), slices.Clone(s.Tasks)
	at := map[string]*live.Instance{}
	for n := range s.Instances {
		at[s.Instances[n].ID] = &s.Instances[n]
	}
	for n, l := range landings {
		i, ok := at[l.Instance]
		if !ok || l.Instance == "" {
			continue
		}
		r := d.Room
		i.Free.CPU, i.Free.Memory, i.Free.GPUs, i.Free.ENIs = i.Free.CPU-r.CPU, i.Free.Memory-r.Memory, i.Free.GPUs-r.GPUs, i.Free.ENIs-r.ENIs
		i.Free.TCP, i.Free.UDP = slices.Concat(i.Free.TCP, r.TCP), slices.Concat(i.Free.UDP, r.UDP)
		s.Tasks = append(s.Tasks, live.Task{ID: fmt.Sprint("landed ", n), Group: d.Group, Instance: i.ARN, Zone: i.Zone, Last: running, Desired: running})
	}
	return s
}

// lose is the site without a zone. Groups that had instances there get as many elsewhere, and more where managed scaling may.
func (s Site) lose(zone string) Site {
	all := s.Instances
	s.Instances, s.Models = nil, slices.Clone(s.Models)
	gone, lost := map[string]bool{}, map[string]int{}
	for _, i := range all {
		if i.Zone != zone {
			s.Instances = append(s.Instances, i)
			continue
		}
		gone[i.ARN] = true
		lost[i.Group]++
		s.Models = append(s.Models, i)
	}
	s.Tasks = slices.DeleteFunc(slices.Clone(s.Tasks), func(t live.Task) bool { return gone[t.Instance] })
	groups := s.Groups
	s.Groups = nil
	for _, g := range groups {
		g.Zones = slices.DeleteFunc(slices.Clone(g.Zones), func(z string) bool { return z == zone })
		if !g.Managed {
			g.Max = g.Desired
		}
		g.Desired = max(0, g.Desired-lost[g.Name])
		s.Groups = append(s.Groups, g)
	}
	return s
}
