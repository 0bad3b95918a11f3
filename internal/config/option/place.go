package option

import "strings"

// Place is a scope with the words for it, and a file around it.
type Place struct {
	Scope  Scope
	Words  string // "in one of load_balancers"
	before string // the lines of a file before its settings
	own    string // settings that must be there, unless they are the ones shown
	after  string
}

// Places lists the scopes in reading order.
func Places() []Place {
	const head = "environment = \"acc\"\naws_region = \"eu-west-1\"\navailability_zones = [\"eu-west-1a\", \"eu-west-1b\"]\n"
	return []Place{
		{Scope: Top, Words: "at the top level", own: head},
		{
			Scope: Group, Words: "in a group of instance_groups", own: "max_size = 9\n",
			before: head + "load_balancers = { legacy = { type = \"classic\" } }\ninstance_groups = { batch = {\n", after: "} }\n",
		},
		{Scope: Balancer, Words: "in one of load_balancers", before: head + "load_balancers = { public = {\n", after: "} }\n"},
		{
			Scope: Existing, Words: "in existing_vpc", after: "}\n",
			before: "environment = \"acc\"\naws_region = \"eu-west-1\"\nload_balancers = {}\nexisting_vpc = {\n",
		},
		{
			Scope: HealthCheck, Words: "in health_check of one of load_balancers",
			before: head + "load_balancers = { public = { health_check = {\n", after: "} } }\n",
		},
		{Scope: Deployer, Words: "in deployer", before: head + "deployer = {\n", after: "}\n"},
		{Scope: Volume, Words: "in volume", before: head + "volume = {\n", after: "}\n"},
		{
			Scope: Container, Words: "in one of system_containers", own: "image = \"fluent/fluent-bit:3.2.4\"\n",
			before: head + "system_containers = { agent = {\n", after: "} }\n",
		},
	}
}

// File is a small file in which an option's example stands at the place.
func (p Place) File(o Option) string {
	lines := o.Name + " = " + o.Example + "\n" + o.Beside
	return p.before + without(p.own, lines) + lines + p.after
}

// without leaves out the lines that set a name which the other text sets as well.
func without(text, other string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(line, " = ")
		if !strings.Contains("\n"+other, "\n"+name+" = ") {
			b.WriteString(line)
		}
	}
	return b.String()
}
