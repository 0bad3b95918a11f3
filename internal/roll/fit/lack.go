package fit

import (
	"slices"

	"berth/internal/live"
	"berth/internal/placement"
)

// mostPorts is how many host ports ECS reserves on an instance (ECS API reference, PortMapping).
const mostPorts = 100

// ports are those that a task wants and that a seat has not.
func (b *Board) ports(w *want, n int32) []placement.Lack {
	var out []placement.Lack
	r, i := &w.demand.Room, &b.instances[n]
	for _, p := range r.TCP {
		if who, own, taken := b.holder(n, p, false); taken {
			out = append(out, placement.Lack{What: placement.Port, Want: p, Name: who, Ever: own})
		}
	}
	for _, p := range r.UDP {
		if who, own, taken := b.holder(n, p, true); taken {
			out = append(out, placement.Lack{What: placement.UDPPort, Want: p, Name: who, Ever: own})
		}
	}
	free := mostPorts - len(i.Free.TCP) - len(i.Free.UDP)
	for _, a := range b.seats[n].landed {
		free -= len(a.want.demand.Room.TCP) + len(a.want.demand.Room.UDP)
	}
	if wanted := len(r.TCP) + len(r.UDP); wanted > 0 && wanted > free {
		out = append(out, placement.Lack{What: placement.Ports, Have: max(0, free), Want: wanted, Ever: wanted+len(i.Total.TCP)+len(i.Total.UDP) > mostPorts})
	}
	return out
}

// holder is who has a port of a seat, and whether that is the instance itself.
func (b *Board) holder(n int32, port int, udp bool) (who string, own, taken bool) {
	of := func(r live.Room) []int {
		if udp {
			return r.UDP
		}
		return r.TCP
	}
	if slices.Contains(of(b.instances[n].Total), port) {
		return "the instance itself", true, true
	}
	for _, a := range b.seats[n].landed {
		if slices.Contains(of(a.want.demand.Room), port) {
			return "a task of " + a.want.demand.Name, false, true
		}
	}
	for t := range b.there(n) {
		for _, c := range t.Containers {
			if slices.ContainsFunc(c.Ports, func(p live.Port) bool { return p.Host == port && (p.Protocol == "udp") == udp && port != 0 }) {
				if text := "task " + t.ID + " of " + t.Group; who == "" || text < who {
					who = text
				}
			}
		}
	}
	if who != "" {
		return who, false, true
	}
	return "another task", false, slices.Contains(of(b.instances[n].Free), port)
}

// lacks counts what keeps a task off all seats, and how many these are.
func (b *Board) lacks(w *want, provider string) (out []placement.Count, all int) {
	var amounts [4]placement.Count
	r := &w.demand.Room
	for k, name := range [...]string{placement.CPU, placement.Memory, placement.GPU, placement.ENI} {
		amounts[k] = placement.Count{Lack: placement.Lack{What: name, Want: [...]int{r.CPU, r.Memory, r.GPUs, r.ENIs}[k], Ever: true}}
	}
	for _, n := range b.order {
		if b.absent(n) {
			out = count(out, placement.Lack{What: placement.NotJoined, Name: b.instances[n].Status})
			continue
		}
		s, total := &b.seats[n], &b.instances[n].Total
		short(&amounts[0], s.cpu, total.CPU)
		short(&amounts[1], s.memory, total.Memory)
		short(&amounts[2], s.gpus, total.GPUs)
		if total.ENIs > 0 { // every type has some: where none are told, nobody has looked
			short(&amounts[3], s.enis, total.ENIs)
		}
		for _, l := range b.others(w, n, provider) {
			out = count(out, l)
		}
	}
	for _, c := range amounts {
		if c.Of > 0 {
			out = append(out, c)
		}
	}
	return out, len(b.order)
}

// short counts a seat that has less of something than is wanted.
func short(c *placement.Count, have, total int) {
	if c.Want == 0 || c.Want <= have {
		return
	}
	if c.Of++; c.Of == 1 || have > c.Have {
		c.Have, c.Total = max(0, have), total
	}
	c.Ever = c.Ever && c.Want > total
}

// add adds a lack of one seat once.
func add(all []placement.Lack, l placement.Lack) []placement.Lack {
	if slices.ContainsFunc(all, func(o placement.Lack) bool { return o.What == l.What && o.Name == l.Name }) {
		return all
	}
	return append(all, l)
}

func (b *Board) absent(n int32) bool {
	i := &b.instances[n]
	return i.ARN == "" || i.Status != "ACTIVE" && i.Status != "DRAINING"
}

// count adds a lack to those of other seats that are told together with it.
func count(all []placement.Count, l placement.Lack) []placement.Count {
	at := slices.IndexFunc(all, func(c placement.Count) bool {
		return c.What == l.What && (c.Name == l.Name || l.What != placement.Attribute && l.What != placement.Expression) &&
			(c.Want == l.Want || l.What != placement.Port && l.What != placement.UDPPort)
	})
	if at < 0 {
		return append(all, placement.Count{Lack: l, Of: 1})
	}
	if l.Have > all[at].Have {
		all[at].Lack = l
	}
	all[at].Of++
	return all
}

// others is what keeps a task off one seat besides amounts.
func (b *Board) others(w *want, n int32, provider string) []placement.Lack {
	i, s := &b.instances[n], &b.seats[n]
	var out []placement.Lack
	for _, l := range w.lasting(b, n) {
		out = add(out, l)
	}
	if !i.Connected {
		out = append(out, placement.Lack{What: placement.Agent, Name: i.Agent})
	}
	if s.closed {
		out = append(out, placement.Lack{What: placement.Draining})
	}
	if r := &w.demand.Room; len(r.TCP)+len(r.UDP) > 0 {
		out = append(out, b.ports(w, n)...)
	}
	if w.judge.Distinct() && b.now.peers[n] > 0 {
		out = append(out, placement.Lack{What: placement.Distinct, Name: w.demand.Name})
	}
	if w.judge.Counting() {
		for _, text := range w.judge.Broken(i, b.groups(n)) {
			out = add(out, placement.Lack{What: placement.Expression, Name: text})
		}
	}
	if provider != "" && i.Provider != provider && !slices.ContainsFunc(out, func(l placement.Lack) bool { return l.What == placement.Capacity }) {
		out = append(out, placement.Lack{What: placement.Capacity, Name: i.Provider, Ever: true})
	}
	return out
}
