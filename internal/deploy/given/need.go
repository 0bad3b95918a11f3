package given

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/deploy"
	"berth/internal/document"
	"berth/internal/manifest/route"
	"berth/internal/model"
)

// mark begins what stands for a route until its target group has a name.
const mark = "berth:route:"

// The kinds of needs.
const (
	LogGroup     = "log group"
	TargetGroup  = "target group"
	ListenerRule = "listener rule"
)

// Misplaced says that a route cannot be carried out as it stands.
type Misplaced struct {
	At   document.Position
	Text string
}

func (m *Misplaced) Error() string { return m.Text }

// Provide puts target groups in the place of routes, and tells what must stand before the service can run: log groups,
// target groups and listener rules, in this order. In the specification a reference stands for the ARN of a target group.
// Errors are *Misplaced and *Absent.
func (t Table) Provide(service string, def, spec document.Value) (document.Value, []deploy.Need, error) {
	needs := t.logNeeds(service, def)
	balancers := spec.Get("loadBalancers")
	items := slices.Clone(balancers.Items)
	var groups, rules []deploy.Need
	seen := map[string]bool{}
	for i, b := range items {
		text, isRoute := strings.CutPrefix(b.Get("targetGroupArn").Text, mark)
		if !isRoute {
			continue
		}
		r, err := route.Parse(text)
		if err != nil {
			return spec, nil, &Misplaced{b.Get("targetGroupArn").At, err.Error()}
		}
		p := provision{Table: t, service: service, def: def, balancer: b, route: r, further: seen[r.Balancer]}
		seen[r.Balancer] = true
		group, err := p.targetGroup()
		if err != nil {
			return spec, nil, err
		}
		more, err := p.rules(group.Name)
		if err != nil {
			return spec, nil, err
		}
		groups, rules = append(groups, group), append(rules, more...)
		items[i] = b.With("targetGroupArn", document.Of(deploy.Reference(TargetGroup, group.Name)))
	}
	if len(groups) > 0 {
		balancers.Items = items
		spec = spec.With("loadBalancers", balancers)
	}
	if err := unused(def, spec); err != nil {
		return spec, nil, err
	}
	return spec, slices.Concat(needs, groups, rules), nil
}

// unused refuses routes that stand where no target group can be made for them.
func unused(documents ...document.Value) error {
	var err error
	for _, d := range documents {
		d.Map(func(v document.Value) document.Value {
			if v.Kind == document.Text && strings.HasPrefix(v.Text, mark) && err == nil {
				err = &Misplaced{v.At, "a route stands only as targetGroupArn in service.json's loadBalancers"}
			}
			return v
		})
	}
	return err
}

// logNeeds are the log groups that the containers write to, unless their log driver is to make them.
func (t Table) logNeeds(service string, def document.Value) []deploy.Need {
	var out []deploy.Need
	for _, c := range def.Get("containerDefinitions").Items {
		options := c.Get("logConfiguration", "options")
		group := options.Get("awslogs-group").Text
		elsewhere := options.Get("awslogs-region").Text
		if c.Get("logConfiguration", "logDriver").Text != "awslogs" || group == "" || options.Get("awslogs-create-group").Text == "true" ||
			elsewhere != "" && elsewhere != t.Region || slices.ContainsFunc(out, func(n deploy.Need) bool { return n.Name == group }) {
			continue
		}
		spec := document.New("logGroupName", document.Of(group), "tags", mapOf(t.tags(service)))
		if t.RetentionDays > 0 {
			spec = spec.With("retentionInDays", document.Int(t.RetentionDays))
		}
		out = append(out, deploy.Need{Kind: LogGroup, Name: group, Spec: spec})
	}
	return out
}

// tags are those of the file and those that say whose it is.
func (t Table) tags(service string) model.Tags {
	tags := t.Tags
	for _, tag := range t.ServiceTags(service) {
		tags = tags.With(tag.Key, tag.Value)
	}
	return tags
}

// provision is one route on its way to a target group.
type provision struct {
	Table
	service  string
	def      document.Value
	balancer document.Value // of the specification's loadBalancers
	route    route.Route
	further  bool // the service has a route of this load balancer already
}

func (p provision) fail(format string, args ...any) error {
	return &Misplaced{p.balancer.Get("targetGroupArn").At, fmt.Sprintf(format, args...)}
}

// targetGroup is the service's own target group. What AWS never changes in one is part of its name. The container's port is
// not: each target is registered with its own. It tells only further routes of one load balancer apart.
func (p provision) targetGroup() (deploy.Need, error) {
	front, ok := p.Fronts[p.route.Balancer]
	if !ok {
		return deploy.Need{}, p.absent("target_group."+p.route.Balancer, "load balancer "+p.route.Balancer)
	}
	container, port := p.balancer.Get("containerName").Text, p.balancer.Get("containerPort")
	number, isNumber := port.Number()
	if container == "" || !isNumber {
		return deploy.Need{}, p.fail("a route needs containerName and containerPort beside it")
	}
	kind := "instance"
	if p.def.Get("networkMode").Text == "awsvpc" {
		kind = "ip"
	}
	fixed := []string{p.route.Balancer, kind, p.route.Protocol, front.VPC}
	if p.further {
		fixed = append(fixed, container, strconv.Itoa(number))
	}
	name := p.ServiceTargetName(p.service, fixed...)
	return deploy.Need{Kind: TargetGroup, Name: name, Spec: document.New(
		"Name", document.Of(name), "Protocol", document.Of(p.route.Protocol), "Port", document.Int(number),
		"VpcId", document.Of(front.VPC), "TargetType", document.Of(kind),
		"HealthCheckProtocol", document.Of(p.route.Protocol), "HealthCheckPath", document.Of(p.route.Check.Path),
		"HealthCheckIntervalSeconds", document.Int(checkSeconds), "HealthCheckTimeoutSeconds", document.Int(checkTimeout),
		"HealthyThresholdCount", document.Int(2), "UnhealthyThresholdCount", document.Int(2),
		"Matcher", document.New("HttpCode", document.Of(p.route.Check.Codes)),
		"Attributes", document.Items(
			pair("deregistration_delay.timeout_seconds", strconv.Itoa(p.route.Delay)), pair("stickiness.enabled", "false")),
		"Tags", pairs(p.tags(p.service)),
	)}, nil
}

// How often targets are asked, in seconds: a task that works is found within twenty seconds, one that does not as well.
const (
	checkSeconds = 10
	checkTimeout = 5
)

// rules send requests to the target group, one on each port that sends requests to targets at all.
func (p provision) rules(group string) ([]deploy.Need, error) {
	var out []deploy.Need
	for _, l := range p.Fronts[p.route.Balancer].Listeners {
		if !l.Forwards {
			continue
		}
		spec := document.New("ListenerArn", document.Of(l.ARN))
		if p.route.Priority > 0 {
			spec = spec.With("Priority", document.Int(p.route.Priority))
		}
		spec = spec.With("Conditions", p.conditions()).
			With("Actions", document.Items(document.New("Type", document.Of("forward"), "TargetGroupArn", document.Of(deploy.Reference(TargetGroup, group))))).
			With("Tags", pairs(p.tags(p.service)))
		out = append(out, deploy.Need{Kind: ListenerRule, Name: RuleName(group, l.Port), Spec: spec})
	}
	if len(out) == 0 {
		return nil, p.fail("load balancer %s has no listener that sends requests to targets", p.route.Balancer)
	}
	return out, nil
}

// RuleName is how the rule is called that sends the requests of a port to a target group; AWS knows rules by ARNs only.
func RuleName(group string, port int) string { return group + ":" + strconv.Itoa(port) }

func (p provision) conditions() document.Value {
	var out []document.Value
	if len(p.route.Hosts) > 0 {
		out = append(out, condition("host-header", "HostHeaderConfig", p.route.Hosts))
	}
	if len(p.route.Paths) > 0 {
		out = append(out, condition("path-pattern", "PathPatternConfig", p.route.Paths))
	}
	return document.Items(out...)
}

func condition(field, config string, values []string) document.Value {
	return document.New("Field", document.Of(field), config, document.New("Values", list(slices.Sorted(slices.Values(values)))))
}

func pair(key, value string) document.Value {
	return document.New("Key", document.Of(key), "Value", document.Of(value))
}

func pairs(tags model.Tags) document.Value {
	var out []document.Value
	for _, t := range tags {
		out = append(out, pair(t.Key, t.Value))
	}
	return document.Items(out...)
}

func mapOf(tags model.Tags) document.Value {
	v := document.New()
	for _, t := range tags {
		v = v.With(t.Key, document.Of(t.Value))
	}
	return v
}
