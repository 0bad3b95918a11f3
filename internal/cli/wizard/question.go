package wizard

import (
	"strconv"
	"strings"
	"unicode"

	"berth/internal/config"
	"berth/internal/config/option"
	"berth/internal/sim/ec2/network"
)

// question is one of the wizard's: usual proposes an answer from what is known so far, raw turns an answer into a
// setting's value, empty for none.
type question struct {
	name  string
	text  string
	usual func(known) string
	raw   func(answer string) string
}

// known are the settings so far, by name.
type known map[string]string

// questions are those whose options this version has.
func questions() []question {
	all := []question{
		{"environment", "What is the cluster for? Every name begins with it: acc, prod, …", always("acc"), plain},
		{"aws_region", "The region", always("eu-west-1"), plain},
		{"availability_zones", "The zones, two at least and three for comfort (berth plan checks that your account has them)", usualZones, list},
		{"instance_type", "The type of the instances", always("m7i.large"), plain},
		{"min_size", "Instances at least", func(k known) string { return strconv.Itoa(max(1, len(fields(k["availability_zones"])))) }, plain},
		{"max_size", "Instances at most", usualMaximum, plain},
	}
	if has(option.Balancer, "certificate_arn") {
		all = append(all, question{
			"load_balancers", "The ARN of an ACM certificate for HTTPS (nothing: plain HTTP for now)", always(""), inside("public", "certificate_arn"),
		})
	}
	if has(option.Top, "alerts") && has(option.Everywhere, "email") {
		all = append(all, question{
			"alerts", "An e-mail address that is told when something fails (nothing: nobody is told)", always(""), inside("ops", "email"),
		})
	}
	return all
}

func has(in option.Scope, name string) bool {
	_, ok := option.Find(in, name)
	return ok
}

func always(text string) func(known) string { return func(known) string { return text } }

func plain(answer string) string { return answer }

// inside puts an answer into a map of maps; no answer leaves the map out.
func inside(key, name string) func(string) string {
	return func(answer string) string {
		if answer == "" {
			return ""
		}
		return "{ " + key + " = { " + name + " = " + literal(option.Option{Kind: option.Text}, answer) + " } }"
	}
}

// fields are the words of a list as people write it, with commas, brackets, quotes or without.
func fields(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`,[]"`, r) })
}

func list(answer string) string {
	words := fields(answer)
	for i, w := range words {
		words[i] = literal(option.Option{Kind: option.Text}, w)
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// mostZones is how many zones are proposed: with three, losing one costs a third.
const mostZones = 3

func usualZones(k known) string {
	var names []string
	for _, z := range network.Zones(k["aws_region"]) {
		if len(names) < mostZones {
			names = append(names, z.Name)
		}
	}
	return strings.Join(names, ", ")
}

func usualMaximum(k known) string {
	n, err := strconv.Atoi(k["min_size"])
	if err != nil || n < 1 {
		return "2"
	}
	return strconv.Itoa(2 * n)
}

// faults are what the config package has to say of some settings. What is merely missing comes with the next questions.
func faults(set []Setting) config.Faults {
	var lines []string
	for _, s := range set {
		lines = append(lines, s.Line())
	}
	_, found := config.Load(config.Sources{Vars: lines})
	return found
}

// Usual completes given settings with the usual answers to all questions. The faults are those of the whole.
func Usual(given []Setting) ([]Setting, config.Faults) {
	set, k := begin(given)
	for _, q := range questions() {
		if _, ok := k[q.name]; ok {
			continue
		}
		if raw := q.raw(q.usual(k)); raw != "" {
			k[q.name] = raw
			set = append(set, Setting{q.name, raw})
		}
	}
	return set, faults(set)
}

// begin are the given settings, under their own names where they were given under older ones; the later of two counts.
func begin(given []Setting) ([]Setting, known) {
	k := known{}
	var set []Setting
	for _, s := range given {
		if o, ok := option.Find(option.Top, s.Name); ok {
			s.Name = o.Name
		}
		k[s.Name] = s.Raw
	}
	for _, s := range given {
		o, ok := option.Find(option.Top, s.Name)
		if raw, first := k[o.Name]; ok && first && !contains(set, o.Name) {
			set = append(set, Setting{o.Name, raw})
		}
	}
	return set, k
}

func contains(set []Setting, name string) bool {
	for _, s := range set {
		if s.Name == name {
			return true
		}
	}
	return false
}
