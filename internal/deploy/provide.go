package deploy

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
)

// The kinds of needs, as Need.Kind and Standing.Kind have them.
const (
	needLogGroup     = "log group"
	needTargetGroup  = "target group"
	needListenerRule = "listener rule"
)

// The verbs of what makes, changes and takes away needs.
const (
	makeLogGroup     = "create log group"
	makeTargetGroup  = "create target group"
	setTargetGroup   = "modify target group"
	dropTargetGroup  = "delete target group"
	makeListenerRule = "create listener rule"
	setListenerRule  = "modify listener rule"
	dropListenerRule = "delete listener rule"
)

// firstPriority is the lowest priority that a rule gets by itself: rules that people make may come before it.
const firstPriority = 100

// Provide is what makes the needs stand as they should, as far as it can be done now: a rule waits for its target group. It
// returns nothing when all stand.
func Provide(needs []Need, standing []Standing) []Action {
	var out []Action
	taken := slices.Clone(standing)
	for _, n := range needs {
		spec, ready := Resolve(n.Spec, standing)
		if !ready {
			continue
		}
		found, stands := find(n.Kind, n.Name, standing)
		a := Action{Name: n.Name}
		switch {
		case n.Kind == needLogGroup && (!stands || forEver(spec, found)):
			a.Verb, a.Spec = makeLogGroup, spec
		case n.Kind == needLogGroup:
		case !stands && n.Kind == needTargetGroup:
			a.Verb, a.Spec = makeTargetGroup, spec
		case !stands:
			a.Verb, a.Spec = makeListenerRule, prioritized(spec, taken)
			taken = append(taken, Standing{Kind: n.Kind, Spec: a.Spec})
		case n.Kind == needTargetGroup:
			a.Verb, a.Spec = setTargetGroup, different(spec, found.Spec).With("TargetGroupArn", document.Of(found.ARN))
		case n.Kind == needListenerRule:
			a.Verb, a.Spec = setListenerRule, different(spec, found.Spec).With("RuleArn", document.Of(found.ARN))
		}
		if len(a.Spec.Members) > 1 || a.Verb == makeLogGroup {
			out = append(out, a)
		}
	}
	return out
}

// forEver tells a log group of the service's own that has no retention yet: the call that makes one cannot set it.
func forEver(want document.Value, found Standing) bool {
	return found.Ours && want.Get("retentionInDays").There() && !found.Spec.Get("retentionInDays").There()
}

// changeable are the settings that AWS changes in place. All others are part of a name, or do not matter: targets are
// registered with ports of their own.
func changeable() []string {
	return []string{
		"HealthCheckProtocol", "HealthCheckPath", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount",
		"UnhealthyThresholdCount", "Matcher", "Attributes", "Conditions", "Priority",
	}
}

// different is what of a need is not as it stands.
func different(want, have document.Value) document.Value {
	out := document.New()
	for _, name := range changeable() {
		if v := want.Get(name); v.There() && !v.Equal(have.Get(name)) {
			out = out.With(name, v)
		}
	}
	return out
}

func find(kind, name string, standing []Standing) (Standing, bool) {
	i := slices.IndexFunc(standing, func(s Standing) bool { return s.Kind == kind && s.Name == name && name != "" })
	if i < 0 {
		return Standing{}, false
	}
	return standing[i], true
}

// Resolve puts ARNs in the place of references; false when one of them is not known yet.
func Resolve(v document.Value, standing []Standing) (document.Value, bool) {
	ready := true
	v = v.Map(func(part document.Value) document.Value {
		rest, is := strings.CutPrefix(part.Text, Reference("", "")[:len("berth:need:")])
		if part.Kind != document.Text || !is {
			return part
		}
		kind, name, _ := strings.Cut(rest, ":")
		found, stands := find(kind, name, standing)
		if !stands || found.ARN == "" {
			ready = false
			return part
		}
		part.Text = found.ARN
		return part
	})
	return v, ready
}

// prioritized gives a rule the lowest priority that is free on its listener, behind every rule of the same service there with
// the same conditions: that one sends requests to the target group from which the service moves away.
func prioritized(spec document.Value, standing []Standing) document.Value {
	if spec.Get("Priority").There() {
		return spec
	}
	var taken []int
	least := firstPriority
	for _, s := range standing {
		if s.Kind != needListenerRule || !s.Spec.Get("ListenerArn").Equal(spec.Get("ListenerArn")) {
			continue
		}
		n, ok := s.Spec.Get("Priority").Number()
		if !ok {
			continue
		}
		taken = append(taken, n)
		if s.Spec.Get("Conditions").Equal(spec.Get("Conditions")) {
			least = max(least, n+1)
		}
	}
	for slices.Contains(taken, least) {
		least++
	}
	return spec.With("Priority", document.Int(least))
}

// clashes are the rules of others that leave a need nothing: they claim the same requests on the same listener. The texts say
// whose they are.
func clashes(needs []Need, standing []Standing) []string {
	var out []string
	for _, n := range needs {
		for _, s := range standing {
			same := s.Kind == needListenerRule && n.Kind == needListenerRule && s.Spec.Get("ListenerArn").Equal(n.Spec.Get("ListenerArn"))
			if s.Ours || !same {
				continue
			}
			whose := "somebody's rule " + s.ARN
			if s.Service != "" {
				whose = "service " + s.Service
			}
			switch {
			case s.Spec.Get("Conditions").Equal(n.Spec.Get("Conditions")):
				out = append(out, fmt.Sprintf("%s goes to %s already", requests(n.Spec), whose))
			case n.Spec.Get("Priority").There() && s.Spec.Get("Priority").Equal(n.Spec.Get("Priority")):
				out = append(out, fmt.Sprintf("priority %s is that of %s", n.Spec.Get("Priority").Text, whose))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// requests are the conditions as people read them: "path /api/*".
func requests(spec document.Value) string {
	var parts []string
	for _, c := range spec.Get("Conditions").Items {
		word, config := "path", "PathPatternConfig"
		if c.Get("Field").Text == "host-header" {
			word, config = "host", "HostHeaderConfig"
		}
		var values []string
		for _, v := range c.Get(config, "Values").Items {
			values = append(values, v.Text)
		}
		parts = append(parts, word+" "+strings.Join(values, " or "))
	}
	return strings.Join(parts, " and ")
}

// Release is what takes away the target groups and rules of the service that nothing asks for any more: it is to be called
// when the service has moved, and inUse are the ARNs of the target groups that any deployment of it still names. Log groups
// stay with what is in them. A target group goes when its rules are gone, in a later look.
func Release(needs []Need, standing []Standing, inUse []string) []Action {
	var out []Action
	busy := map[string]bool{}
	for _, s := range standing {
		if s.Kind != needListenerRule {
			continue
		}
		group := s.Spec.Get("Actions", "0", "TargetGroupArn").Text
		busy[group] = true
		if s.Ours && !wanted(needs, s) && !slices.Contains(inUse, group) {
			out = append(out, Action{Verb: dropListenerRule, Name: s.Name, Spec: document.New("RuleArn", document.Of(s.ARN))})
		}
	}
	for _, s := range standing {
		if s.Kind == needTargetGroup && s.Ours && !wanted(needs, s) && !slices.Contains(inUse, s.ARN) && !busy[s.ARN] {
			out = append(out, Action{Verb: dropTargetGroup, Name: s.Name, Spec: document.New("TargetGroupArn", document.Of(s.ARN))})
		}
	}
	return out
}

func wanted(needs []Need, s Standing) bool {
	return slices.ContainsFunc(needs, func(n Need) bool { return n.Kind == s.Kind && n.Name == s.Name })
}
