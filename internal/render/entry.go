package render

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/essence"
)

// replace is the verb of a deletion and a creation of one key.
const replace plan.Verb = "replace"

// entry is one line of a plan as people read it: a change, the two halves of a replacement, or several that are alike.
type entry struct {
	verb   plan.Verb
	keys   []model.Key
	from   []model.Resource // by key; nil where it is created
	to     []model.Resource // by key; nil where it is deleted
	fields []plan.Field
	why    string
	impact plan.Impact
}

// entries are a plan's lines in reading order, one for each key, also where the plan goes the other way.
func entries(p plan.Plan) []entry {
	var out []entry
	for _, c := range p.Changes {
		e := entry{c.Verb, []model.Key{c.Key}, []model.Resource{c.From}, []model.Resource{c.To}, c.Fields, c.Why, c.Impact}
		switch other, both := twin(p, c); {
		case both && c.Verb == plan.Delete:
			continue // said by the creation
		case both:
			e.verb, e.from[0], e.impact = replace, other.From, max(c.Impact, other.Impact)
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b entry) int { return model.CompareKeys(a.keys[0], b.keys[0]) })
	return out
}

// twin is the other half of a replacement.
func twin(p plan.Plan, c plan.Change) (plan.Change, bool) {
	if !c.Replaces {
		return plan.Change{}, false
	}
	verb := plan.Delete
	if c.Verb == plan.Delete {
		verb = plan.Create
	}
	return p.Find(plan.Step{Verb: verb, Key: c.Key})
}

// fold makes one entry of those that differ in nothing but their names.
func fold(all []entry) []entry {
	var out []entry
	seen := map[string]int{}
	for _, e := range all {
		sign := e.signature()
		i, ok := seen[sign]
		if !ok {
			seen[sign] = len(out)
			out = append(out, e)
			continue
		}
		o := &out[i]
		o.keys, o.from, o.to = append(o.keys, e.keys...), append(o.from, e.from...), append(o.to, e.to...)
		if o.why != e.why {
			o.why = common(e.why)
		}
	}
	return out
}

func (e entry) signature() string {
	kind := e.keys[0].Kind
	if e.onlyTags() {
		kind = ""
	}
	return fmt.Sprintf("%s %s %d %q %#v", e.verb, kind, e.impact, common(e.why), e.fields)
}

// common is a reason without the name that it gives.
func common(why string) string {
	if strings.HasPrefix(why, "it stands on ") && strings.HasSuffix(why, ", which is made anew") {
		return "what it stands on is made anew"
	}
	return why
}

// onlyTags tells whether nothing but tags differs.
func (e entry) onlyTags() bool {
	return e.verb == plan.Update && !slices.ContainsFunc(e.fields, func(f plan.Field) bool { return !strings.HasPrefix(f.Name, "tags.") })
}

// resource is what an entry's i-th key stands for, after the change if there is an after.
func (e entry) resource(i int) model.Resource {
	if e.to[i] != nil {
		return e.to[i]
	}
	return e.from[i]
}

// roster names everything that a folded entry is about, line by line.
func (e entry) roster() []string {
	if e.onlyTags() {
		return []string{essence.Kinds(e.keys)}
	}
	zones := map[model.Tier][]string{}
	names := make([]string, len(e.keys))
	for i, k := range e.keys {
		names[i] = k.Name
		tier, zone, _ := strings.Cut(k.Name, "/")
		if s, is := e.resource(i).(model.Subnet); is {
			zone += " " + s.CIDR
		}
		zones[model.Tier(tier)] = append(zones[model.Tier(tier)], zone)
	}
	public, private := zones[model.Public], zones[model.Private]
	switch {
	case len(public)+len(private) < len(names):
		return []string{essence.Names(names)}
	case slices.Equal(public, private):
		return []string{"public and private in " + essence.Names(public)}
	}
	var lines []string
	if len(public) > 0 {
		lines = append(lines, "public: "+essence.Names(public))
	}
	if len(private) > 0 {
		lines = append(lines, "private: "+essence.Names(private))
	}
	return lines
}

// The parts of a plan, in reading order.
func sections() []string {
	return []string{"Network", "Load balancers", "Access", "Logs", "Alerts", "Cluster", "Instances", "System containers", "Running in it", "Tags"}
}

func (e entry) section() string {
	if e.onlyTags() {
		return "Tags"
	}
	return sectionOf(e.keys[0].Kind)
}

func sectionOf(k model.Kind) string {
	switch k {
	case model.KindLoadBalancer, model.KindTargetGroup, model.KindListener, model.KindClassic:
		return "Load balancers"
	case model.KindSecurityGroup, model.KindServiceRole, model.KindRole, model.KindProfile, model.KindSecret, model.KindAgentConfig:
		return "Access"
	case model.KindLogGroup, model.KindFlowLog:
		return "Logs"
	case model.KindKMSKey, model.KindTopic, model.KindSubscription, model.KindQueue, model.KindEventRule:
		return "Alerts"
	case model.KindBucket, model.KindCluster, model.KindProvider, model.KindClusterProviders:
		return "Cluster"
	case model.KindKeyPair, model.KindTemplate, model.KindGroup, model.KindCapacity:
		return "Instances"
	case model.KindTaskDefinition, model.KindDaemonService:
		return "System containers"
	case model.KindService, model.KindTask, model.KindServiceTarget, model.KindServiceRule, model.KindServiceLogs, model.KindFamily:
		return "Running in it"
	default:
		return "Network"
	}
}

// tally counts a plan's entries by verb.
type tally map[plan.Verb]int

func count(all []entry) tally {
	t := tally{}
	for _, e := range all {
		t[e.verb] += len(e.keys)
	}
	return t
}

// worst is the worst impact of entries.
func worst(all []entry) plan.Impact {
	impact := plan.None
	for _, e := range all {
		impact = max(impact, e.impact)
	}
	return impact
}

// symbol is a verb in one sign; the verb itself always stands beside it.
func symbol(v plan.Verb) string {
	switch v {
	case plan.Create:
		return "+"
	case plan.Update:
		return "~"
	case plan.Delete:
		return "-"
	case replace:
		return "-/+"
	default:
		return "…"
	}
}

// effect says what the worst impact of entries is like, and whether clients lose more than seconds.
func effect(all []entry) string {
	const shut = "clients that no rule lets in any more can open no new connection"
	i := worst(all)
	passing := func(e entry) bool { return e.impact == i && !e.shutsOut() }
	switch {
	case !slices.ContainsFunc(all, entry.shutsOut):
		return means(i)
	case !slices.ContainsFunc(all, passing):
		return shut
	}
	return means(i) + ", and " + shut
}

// shutsOut tells whether clients that were let in are refused from then on.
func (e entry) shutsOut() bool {
	for i := range e.keys {
		if e.verb == plan.Update && plan.ShutsOut(e.from[i], e.to[i]) {
			return true
		}
	}
	return false
}

// means says what an impact is like.
func means(i plan.Impact) string {
	return [...]string{
		"nobody notices", "instances are exchanged one after the other", "seconds of disturbance", "minutes without service",
	}[i]
}
