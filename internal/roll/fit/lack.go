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
	for _, l := range b.seats[n].landed {
		free -= len(l.demand.Room.TCP) + len(l.demand.Room.UDP)
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
	for _, w := range b.seats[n].landed {
		if slices.Contains(of(w.demand.Room), port) {
			return "a task of " + w.demand.Name, false, true
		}
	}
	for _, at := range b.on[n] {
		t := &b.tasks[at]
		for _, c := range t.Containers {
			if slices.ContainsFunc(c.Ports, func(p live.Port) bool { return p.Host == port && (p.Protocol == "udp") == udp && port != 0 }) {
				return "task " + t.ID + " of " + t.Group, false, true
			}
		}
	}
	return "another task", false, slices.Contains(of(b.instances[n].Free), port)
}

// lacks counts what keeps a task off all seats, and how many these are.
func (b *Board) lacks(w *want, provider string) (out []placement.Count, all int) {
	for _, n := range b.order {
		for _, l := range b.lack(w, n, provider) {
			at := slices.IndexFunc(out, func(c placement.Count) bool {
				return c.What == l.What && (c.Name == l.Name || l.What != placement.Attribute && l.What != placement.Expression) &&
					(c.Want == l.Want || l.What != placement.Port && l.What != placement.UDPPort)
			})
			if at < 0 {
				out = append(out, placement.Count{Lack: l, Of: 1})
				continue
			}
			if l.Have > out[at].Have {
				out[at].Lack = l
			}
			out[at].Ever = out[at].Ever && l.Ever
			out[at].Of++
		}
	}
	return out, len(b.order)
}

// lack is what keeps a task off one seat.
func (b *Board) lack(w *want, n int32, provider string) []placement.Lack {
	i, s := &b.instances[n], &b.seats[n]
	if i.ARN == "" || i.Status != "ACTIVE" && i.Status != "DRAINING" {
		return []placement.Lack{{What: placement.NotJoined, Name: i.Status}}
	}
	out := slices.Clone(w.lasting(b, n))
	switch {
	case !i.Connected:
		out = append(out, placement.Lack{What: placement.Agent, Name: i.Agent})
	case !s.open:
		out = append(out, placement.Lack{What: placement.Draining})
	}
	want, total := &w.demand.Room, &i.Total
	for _, r := range [...]struct {
		what              string
		have, want, total int
	}{
		{placement.CPU, s.cpu, want.CPU, total.CPU},
		{placement.Memory, s.memory, want.Memory, total.Memory},
		{placement.GPU, s.gpus, want.GPUs, total.GPUs},
		{placement.ENI, s.enis, want.ENIs, total.ENIs},
	} {
		if r.want > r.have && r.want > 0 && (r.what != placement.ENI || r.total > 0) {
			out = append(out, placement.Lack{What: r.what, Have: max(0, r.have), Want: r.want, Total: r.total, Ever: r.want > r.total})
		}
	}
	out = append(out, b.ports(w, n)...)
	if w.judge.Distinct() && b.now.peers[n] > 0 {
		out = append(out, placement.Lack{What: placement.Distinct, Name: w.demand.Name})
	}
	if w.judge.Counting() {
		if text := w.judge.Admits(i, b.groups(n)); text != "" {
			out = append(out, placement.Lack{What: placement.Expression, Name: text})
		}
	}
	if provider != "" && i.Provider != provider && !slices.ContainsFunc(out, func(l placement.Lack) bool { return l.What == placement.Capacity }) {
		out = append(out, placement.Lack{What: placement.Capacity, Name: i.Provider, Ever: true})
	}
	return out
}
