package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/model"
)

// Conflict says that something which is not ours stands where one of ours should.
type Conflict struct{ Strays []model.Stray }

// Error names every stray.
func (c *Conflict) Error() string {
	texts := make([]string, len(c.Strays))
	for i, s := range c.Strays {
		texts[i] = fmt.Sprintf("%s is in the place of %s and is not berth's", s.What, s.Key)
	}
	return strings.Join(texts, "; ")
}

// Cycle says that changes wait for each other, which only a file can cause that hands the addresses of a subnet that
// goes to one that comes.
type Cycle struct{ Steps []Step }

// Error names the steps that wait for each other.
func (c *Cycle) Error() string {
	texts := make([]string, len(c.Steps))
	for i, s := range c.Steps {
		texts[i] = string(s.Verb) + " " + s.Key.String()
	}
	return "these changes would wait for each other: " + strings.Join(texts, ", ")
}

// Make compares what is wanted with what was found. It refuses with *Conflict when something foreign is in the way
// and with *Cycle when the changes cannot be put in an order.
func Make(want model.Set, have model.Inventory) (Plan, error) {
	if strays := inTheWay(want, have); len(strays) > 0 {
		return Plan{}, &Conflict{strays}
	}
	m := maker{want: want, have: have, fields: map[model.Key][]Field{}, replaced: map[model.Key]string{}, repeated: map[model.Key]string{}}
	m.compare()
	m.takeOver()
	p, stuck := m.ordered()
	if list := model.ClusterProvidersKey(); slices.Contains(stuck, Step{Update, list}) {
		m.replaced[list] = "the providers on it must go before others can come"
		p, stuck = m.ordered()
	}
	if len(stuck) > 0 {
		return Plan{}, &Cycle{stuck}
	}
	return p, nil
}

// ordered is the plan as far as it is known what is made anew, and the steps of it that wait for each other.
func (m *maker) ordered() (Plan, []Step) {
	m.cascade()
	p := Plan{Base: Fingerprint(m.want, m.have), Changes: m.changes()}
	return p, order(p, m.want, m.have)
}

func inTheWay(want model.Set, have model.Inventory) []model.Stray {
	return slices.DeleteFunc(slices.Clone(have.Strays), func(s model.Stray) bool { return !want.Has(s.Key) })
}

// maker holds one comparison while it is under way.
type maker struct {
	want     model.Set
	have     model.Inventory
	fields   map[model.Key][]Field // what differs
	replaced map[model.Key]string  // what must be made anew, and why
	repeated map[model.Key]string  // what must be asked for again as it is, and why
}

func (m *maker) compare() {
	for want := range m.want.All() {
		k := want.Key()
		have, ok := m.have.Get(k)
		if !ok {
			continue
		}
		m.fields[k] = Diff(have, want)
		switch h := m.have.Handle(k); {
		case h.Status == model.Failed && asksAgain(k.Kind):
			m.repeated[k] = "AWS gave it up: " + h.Reason
		case h.Status == model.Failed:
			m.replaced[k] = "AWS gave it up: " + h.Reason
		case h.Status == model.Leaving:
			m.replaced[k] = "it is being deleted"
		default:
			for _, f := range m.fields[k] {
				if f.Replaces && m.replaced[k] == "" {
					m.replaced[k] = f.Name + " cannot be changed in place"
				}
			}
		}
	}
}

// asksAgain tells which kinds are asked for once more, and not made anew, when AWS gave them up: a list is put again, and a
// service deployed again.
func asksAgain(k model.Kind) bool {
	return k == model.KindClusterProviders || k == model.KindDaemonService
}

// takeOver sets sizes that managed scaling gives up in this plan, also those that are as wanted: it may still move them
// until it is off.
func (m *maker) takeOver() {
	for p := range model.Every[model.Provider](&m.want) {
		k := model.CapacityKey(p.Group)
		c, ok := model.Find[model.Capacity](&m.have.Set, k)
		sized := slices.ContainsFunc(m.fields[k], func(f Field) bool { return f.Name == "desired_capacity" })
		off := slices.ContainsFunc(m.fields[p.Key()], func(f Field) bool { return f.Name == "managed_scaling" })
		if size := strconv.Itoa(c.Desired); ok && off && !p.ManagedScaling && !sized && m.want.Has(k) {
			m.fields[k] = append(m.fields[k], Field{Name: "desired_capacity", From: size, To: size, Why: "managed scaling may move it until it is off"})
		}
	}
}

// cascade follows replacements upwards: what stands on something that is made anew is made anew too, or at least
// tied to it again.
func (m *maker) cascade() {
	for changed := true; changed; {
		changed = false
		for want := range m.want.All() {
			changed = m.follow(want) || changed
		}
	}
}

func (m *maker) follow(want model.Resource) bool {
	k := want.Key()
	if _, already := m.replaced[k]; already || !m.have.Has(k) {
		return false
	}
	for _, ref := range want.Refs() {
		if _, gone := m.replaced[ref]; !gone {
			continue
		}
		switch follows(k.Kind, ref.Kind) {
		case Create:
			m.replaced[k] = "it stands on " + ref.String() + ", which is made anew"
			return true
		case Update:
			if !slices.ContainsFunc(m.fields[k], func(f Field) bool { return f.From == ref.String() }) {
				m.fields[k] = append(m.fields[k], Field{Name: string(ref.Kind), From: ref.String(), To: ref.String(), Why: "it is made anew"})
				return true
			}
		default: // it stays as it is
		}
	}
	return false
}

// follows says what becomes of a resource when another that it refers to is made anew: Create (anew as well), Update
// (tied to it again), or Wait (nothing).
func follows(kind, ref model.Kind) Verb {
	switch {
	case ref == model.KindServiceRole, ref == model.KindKeyPair: // whatever used it finds the new one by its name
		return Wait
	case kind == model.KindCapacity && ref != model.KindGroup:
		return Wait
	case kind == model.KindGroup && ref == model.KindClassic, kind == model.KindDaemonService && ref == model.KindTaskDefinition:
		return Update
	case kind == model.KindTaskDefinition, kind == model.KindDaemonService && ref == model.KindCapacity:
		return Wait
	}
	return Create
}

func (m *maker) changes() []Change {
	var out []Change
	for want := range m.want.All() {
		out = append(out, m.toward(want)...)
	}
	for _, have := range slices.Backward(slices.Collect(m.have.All())) {
		k := have.Key()
		if _, again := m.replaced[k]; m.staysBehind(k.Kind) || m.want.Has(k) && !again {
			continue
		}
		out = append(out, m.away(have))
	}
	return out
}

// staysBehind tells which kinds are never deleted by themselves: a service-linked role belongs to the whole account,
// a default security group to its VPC, and what runs in a cluster to others, as long as the cluster stays.
func (m *maker) staysBehind(k model.Kind) bool {
	if k.Tenant() {
		return m.want.Has(model.ClusterKey())
	}
	return k == model.KindServiceRole || k == model.KindDefaultGroup
}

// toward is the change that makes one wanted resource true.
func (m *maker) toward(want model.Resource) []Change {
	k := want.Key()
	have, ok := m.have.Get(k)
	why, again := m.replaced[k]
	switch fields := m.fields[k]; {
	case !ok:
		return []Change{{Step: Step{Create, k}, To: want, Why: reason(want)}}
	case again:
		return []Change{{Step: Step{Create, k}, To: want, Fields: fields, Why: why, Replaces: true}}
	case len(fields) > 0 || m.repeated[k] != "":
		return []Change{{Step: Step{Update, k}, From: have, To: want, Fields: fields, Why: cmp.Or(m.repeated[k], whyOf(fields)), Impact: max(impactOf(k.Kind, fields), loss(have, want))}}
	case m.have.Handle(k).Status == model.Pending:
		return []Change{{Step: Step{Wait, k}, From: have, To: want, Why: "it is still on its way"}}
	}
	return nil
}

// reason says why something is made that is not there.
func reason(want model.Resource) string {
	if k, ok := want.(model.KMSKey); ok && k.Kept != "" {
		return "AWS was to delete it, and it is kept instead"
	}
	return purpose(want.Key().Kind)
}

// away is the change that takes one resource off AWS.
func (m *maker) away(have model.Resource) Change {
	k := have.Key()
	why, again := m.replaced[k]
	if !again {
		why = m.reproach(have)
	}
	impact := deleteImpact(k.Kind, again)
	if !again && m.cutsOff(have) {
		why, impact = "the file wants no way to the internet", Brief
	}
	return Change{Step: Step{Delete, k}, From: have, Why: why, Impact: impact, Replaces: again}
}

// cutsOff tells a default route that goes while its subnet stays: connections that pass it break off, and what cannot go
// another way ends for good.
func (m *maker) cutsOff(have model.Resource) bool {
	r, ok := have.(model.Route)
	return ok && m.want.Has(model.SubnetKey(r.Tier, r.Zone))
}

// reproach says why something that nobody asks for goes.
func (m *maker) reproach(have model.Resource) string {
	if _, second := have.(model.Duplicate); second {
		return "there are two, and one is enough"
	}
	k := have.Key()
	if m.have.Handle(k).Status == model.Leaving {
		return "it is being deleted"
	}
	switch {
	case k.Kind == model.KindKMSKey:
		return "AWS deletes it after 7 days; berth apply takes it back until then"
	case k.Kind == model.KindSubscription && m.have.Handle(k).Reason == model.Unconfirmed:
		return model.Unconfirmed + ": it goes with the topic"
	}
	switch {
	case k.Kind == model.KindService, k.Kind == model.KindTask:
		return "it goes with the cluster that it runs in"
	case k.Kind.Tenant():
		return "it was made for a service of the cluster"
	}
	if k.Kind == model.KindSecret {
		return "the file no longer asks for it; task definitions that name it start no more tasks"
	}
	return "the file no longer asks for it"
}

func whyOf(fields []Field) string {
	for _, f := range fields {
		if f.Why != "" {
			return f.Why
		}
	}
	return "it differs from the file"
}
