package access

import (
	"strings"
	"sync"

	"berth/internal/sim/world"
)

// row is one action that AWS evaluates for an operation.
type row struct {
	action string
	beside bool     // it is evaluated beside the operation's own action, where the input names its resources
	terms  []string // what it is evaluated on
	keys   []string // "key=Path" or "key:=text": keys of the context beside the usual ones
}

// An operation has a line in the table of its service: its name, the action where that differs (">action"), and the resources.
// A line that begins with "+" is a further action of the operation above. A resource is an ARN from behind the account on, or a
// whole one where it begins with "arn:"; a member of the input in braces stands for its values, one resource each, and one that
// is an ARN already is the resource; "|" parts members of which the first that is set counts, "~" says what counts when none is.
// A resource without any value is none; an action without resources is evaluated on "*". "#" names a function of this package.
// "?" before an action says: only if the input has tags for what is made. ">-" is no action: the function says which, or there is
// none.

// tables are the services' tables by the name that the wire gives the service.
func tables() map[string]string {
	return map[string]string{
		"ec2": ec2Table, "autoscaling": autoscalingTable, "elasticloadbalancingv2": balancingTable, "elasticloadbalancing": classicTable,
		"ecr": ecrTable, "ecs": ecsTable, "iam": iamTable, "sts": stsTable, "s3": s3Table, "ssm": ssmTable, "logs": logsTable,
		"servicequotas": quotasTable, "cloudwatch": cloudwatchTable, "kms": kmsTable, "sqs": sqsTable, "sns": snsTable,
		"events": eventsTable, "secretsmanager": secretsTable,
	}
}

// all is every row by "service.Operation".
var all = sync.OnceValue(readTables) //nolint:gochecknoglobals // a table, parsed on first use

func readTables() map[string][]row {
	out := map[string][]row{}
	for name, table := range tables() { // unordered: services do not meet
		operation := ""
		for line := range strings.Lines(table) {
			words := strings.Fields(line)
			if len(words) == 0 {
				continue
			}
			r := row{action: prefix(name) + ":" + words[0]}
			if words[0] == "+" {
				r.action, r.beside, words = words[1], true, words[1:]
			} else {
				operation = words[0]
			}
			for _, w := range words[1:] {
				switch {
				case strings.HasPrefix(w, ">"):
					r.action = w[1:]
				case strings.Contains(w, "=") && !strings.Contains(w, "{"):
					r.keys = append(r.keys, w)
				default:
					r.terms = append(r.terms, w)
				}
			}
			key := name + "." + operation
			out[key] = append(out[key], r)
		}
	}
	return out
}

// prefix is a service's name in actions.
func prefix(name string) string {
	if name == "elasticloadbalancingv2" {
		return "elasticloadbalancing"
	}
	return name
}

// Knows tells whether an operation has a line: one that has none is evaluated under its own name on "*".
func Knows(service, operation string) bool {
	_, ok := all()[service+"."+operation]
	return ok
}

// needs are all that AWS evaluates for a call.
func needs(c *world.Call, in any) []need {
	rows, ok := all()[c.Service+"."+c.Operation]
	if !ok {
		rows = []row{{action: prefix(c.Service) + ":" + c.Operation}}
	}
	var out []need
	for _, r := range rows {
		out = append(out, r.needs(c, in)...)
	}
	if c.Service == "ec2" {
		out = append(out, taggings(c, in)...)
	}
	return out
}

func (r row) needs(c *world.Call, in any) []need {
	action, tagging := strings.CutPrefix(r.action, "?")
	if action == "-" && len(r.terms) == 0 || tagging && len(requestTags(in, "")) == 0 {
		return nil
	}
	base := need{Call: c, action: action, in: in, also: r.context(c, in)}
	var out []need
	for _, term := range r.terms {
		if name, special := strings.CutPrefix(term, "#"); special {
			out = append(out, specials()[name](base)...)
			continue
		}
		for _, arn := range expand(c, in, service(action), term) {
			n := base
			n.resource, n.made = arn, c.Service == "ec2" && strings.HasSuffix(term, "/*")
			out = append(out, n)
		}
	}
	if len(r.terms) == 0 || len(out) == 0 && !r.beside {
		base.resource = "*"
		out = []need{base}
	}
	return out
}

// context are the keys that the row adds.
func (r row) context(c *world.Call, in any) map[string]string {
	if len(r.keys) == 0 {
		return nil
	}
	out := map[string]string{}
	for _, k := range r.keys {
		if name, value, ok := strings.Cut(k, ":="); ok {
			out[name] = value
			continue
		}
		name, path, _ := strings.Cut(k, "=")
		value := text(in, strings.Split(path, "|")...)
		switch {
		case value == "":
			continue
		case name == "ecs:cluster" && !strings.HasPrefix(value, "arn:"):
			value = c.ARN("ecs", "cluster/"+value)
		}
		out[name] = value
	}
	return out
}

// expand makes the ARNs of a term.
func expand(c *world.Call, in any, of, term string) []string {
	before, rest, filled := strings.Cut(term, "{")
	if !filled {
		return []string{whole(c, of, term)}
	}
	name, after, _ := strings.Cut(rest, "}")
	var out []string
	for _, value := range members(in, name) {
		switch {
		case strings.HasPrefix(value, "arn:") && !strings.Contains(after, "{"):
			out = append(out, strings.TrimSuffix(value, after)+after)
			continue
		case strings.HasPrefix(value, "arn:"):
			value = value[strings.LastIndexAny(value, "/:")+1:]
		case strings.HasSuffix(before, "/"):
			value = strings.TrimPrefix(value, "/")
		}
		out = append(out, expand(c, in, of, before+value+after)...)
	}
	return out
}

// members are the values of a member in braces.
func members(in any, name string) []string {
	name, usual, _ := strings.Cut(name, "~")
	for path := range strings.SplitSeq(name, "|") {
		if found := texts(in, path); len(found) > 0 {
			return found
		}
	}
	if usual != "" {
		return []string{usual}
	}
	return nil
}

// whole is the ARN of what stands behind the account.
func whole(c *world.Call, service, rest string) string {
	switch {
	case strings.HasPrefix(rest, "arn:"):
		return rest
	case service == "iam":
		return "arn:aws:iam::" + world.Account + ":" + rest
	case service == "s3":
		return "arn:aws:s3:::" + rest
	case service == "elasticloadbalancing":
		rest = strings.NewReplacer("/application/", "/app/", "/network/", "/net/").Replace(rest)
	case rest == "*":
		return rest
	}
	return c.ARN(service, rest)
}
