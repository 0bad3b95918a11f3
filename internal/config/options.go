package config

import "slices"

// kind is the type of an option, as docs/config.md words it.
type kind string

const (
	kindText     kind = "text"
	kindNumber   kind = "whole number"
	kindBool     kind = "true or false"
	kindList     kind = "list of text"
	kindFlexible kind = "text or list of text"
	kindTextMap  kind = "map of text"
	kindMaps     kind = "map of maps"
	kindMap      kind = "map of settings" // one group or load balancer
)

// scope is where an option may stand.
type scope int

const (
	atTop scope = 1 << iota
	inGroup
	inBalancer
)

// option is one name of the configuration.
type option struct {
	name     string
	alias    string // an older spelling, also accepted
	kind     kind
	scope    scope
	required bool
	// def is the default as HCL; it is read like any other value. "" means that other settings decide, as words says.
	def     string
	words   string // the default in words, where def does not say it
	choices []string
	meaning string
	example string // as HCL
}

// inherited is true for what a group that leaves it out takes from the top level.
func (o option) inherited() bool { return o.scope == atTop|inGroup }

// options is the one list of names: it decides what is known, fills in defaults and writes docs/config.md.
//
//nolint:gochecknoglobals // a table
var options = []option{
	{
		name: "environment", kind: kindText, scope: atTop, required: true, example: `"acc"`,
		meaning: "What the cluster is for: acc, prod. The first part of every name. Letters, digits and hyphens, at most 32.",
	},
	{
		name: "cluster", alias: "cluster_name", kind: kindText, scope: atTop, words: "the environment", example: `"shop"`,
		meaning: "The ECS cluster's name. Several clusters of one environment need different ones.",
	},
	{
		name: "aws_region", kind: kindText, scope: atTop, required: true, example: `"eu-west-1"`,
		meaning: "The region that everything is made in.",
	},
	{
		name: "aws_profile", kind: kindText, scope: atTop, def: `""`, example: `"company"`,
		meaning: "The profile of ~/.aws/config to use. Empty or \"default\": the AWS SDK's own search.",
	},
	{
		name: "availability_zones", kind: kindList, scope: atTop, required: true, example: `["eu-west-1a", "eu-west-1b"]`,
		meaning: "The zones to spread over: at least two for an application load balancer, three for comfort.",
	},
	{
		name: "vpc_cidr", kind: kindText, scope: atTop, def: `"10.0.0.0/16"`, example: `"10.20.0.0/16"`,
		meaning: "The VPC's IPv4 range, /16 to /28.",
	},
	{
		name: "public_subnet_cidrs", kind: kindList, scope: atTop, words: "by convention, see below",
		example: `["10.0.0.0/24", "10.0.1.0/24"]`,
		meaning: "The ranges of the public subnets (load balancers, NAT gateways), one per zone, in the order of the zones.",
	},
	{
		name: "private_subnet_cidrs", kind: kindList, scope: atTop, words: "by convention, see below",
		example: `["10.0.50.0/24", "10.0.51.0/24"]`,
		meaning: "The ranges of the private subnets (instances), one per zone, in the order of the zones.",
	},
	{
		name: "nat", kind: kindText, scope: atTop, def: `"per_az"`, choices: []string{"per_az", "single"}, example: `"single"`,
		meaning: "A NAT gateway in each zone, or a single one: cheaper, but its zone's loss cuts all others off.",
	},
	{
		name: "instance_group", kind: kindText, scope: atTop, def: `"default"`, example: `"web"`,
		meaning: "The name of the group that the top level describes.",
	},
	{
		name: "instance_groups", kind: kindMaps, scope: atTop, def: `{}`, example: `{ batch = { max_size = 8, spot = true } }`,
		meaning: "Further groups by name. What a group leaves out it takes from the top level, except its sizes.",
	},
	{
		name: "instance_type", kind: kindFlexible, scope: atTop | inGroup, def: `"m7i.large"`, example: `["c7g.large", "c6g.large"]`,
		meaning: "The instance type, or several of one architecture in order of preference.",
	},
	{
		name: "arch", kind: kindText, scope: atTop | inGroup, def: `""`, words: "from the instance types",
		choices: []string{"", X86, ARM}, example: `"arm64"`,
		meaning: "The architecture of the image. A group with its own instance_type does not take it from the top level.",
	},
	{
		name: "ami_family", kind: kindText, scope: atTop | inGroup, def: `"al2023"`, choices: []string{AL2023, AL2}, example: `"al2"`,
		meaning: "Amazon Linux 2023 or 2. The latter is out of support since 2026-06-30.",
	},
	{
		name: "aws_ecs_ami", alias: "ecs_aws_ami", kind: kindText, scope: atTop | inGroup, def: `""`, words: "the newest that AWS recommends",
		example: `"ami-0123456789abcdef0"`,
		meaning: "The image to start from. Left empty it is looked up once, when the group is made, and then kept.",
	},
	{
		name: "min_size", kind: kindNumber, scope: atTop, words: "one per zone, or fewer if another size is smaller", example: `2`,
		meaning: "The group never has fewer instances.",
	},
	{
		name: "desired_capacity", kind: kindNumber, scope: atTop, words: "min_size", example: `4`,
		meaning: "The group's starting size; managed scaling owns it afterwards.",
	},
	{
		name: "max_size", kind: kindNumber, scope: atTop, words: "twice desired_capacity, at least 1", example: `8`,
		meaning: "The group never has more instances.",
	},
	{
		name: "min_size", kind: kindNumber, scope: inGroup, def: `0`, example: `1`,
		meaning: "The group never has fewer instances.",
	},
	{
		name: "desired_capacity", kind: kindNumber, scope: inGroup, words: "min_size", example: `2`,
		meaning: "The group's starting size; managed scaling owns it afterwards.",
	},
	{
		name: "max_size", kind: kindNumber, scope: inGroup, required: true, example: `8`,
		meaning: "The group never has more instances.",
	},
	{
		name: "managed_scaling", kind: kindBool, scope: atTop | inGroup, def: `true`, example: `false`,
		meaning: "ECS fits the number of instances to the tasks. When false, desired_capacity is kept.",
	},
	{
		name: "spot", kind: kindBool, scope: atTop | inGroup, def: `false`, example: `true`,
		meaning: "Spot instances: cheap, and taken away with two minutes' notice.",
	},
	{
		name: "attributes", kind: kindTextMap, scope: atTop | inGroup, def: `{}`, example: `{ workload = "batch" }`,
		meaning: "ECS attributes of the instances, for placement constraints. A group's map replaces the top level's.",
	},
	{
		name: "key_name", alias: "key_pair_name", kind: kindText, scope: atTop | inGroup, def: `""`, words: "none: Session Manager needs no key",
		example: `"ops"`, meaning: "An existing EC2 key pair for SSH.",
	},
	{
		name: "custom_userdata", kind: kindText, scope: atTop | inGroup, def: `""`, words: "none", example: `"echo ready"`,
		meaning: "Shell commands to run on every new instance after everything else, at most 8 KB.",
	},
	{
		name: "ecs_logging", kind: kindList, scope: atTop | inGroup, def: `["json-file", "awslogs"]`, example: `["json-file", "awslogs", "fluentd"]`,
		choices: []string{"awsfirelens", "awslogs", "fluentd", "gelf", "journald", "json-file", "logentries", "none", "splunk", "syslog"},
		meaning: "The log drivers that tasks may use.",
	},
	{
		name: "load_balancers", kind: kindList, scope: inGroup, words: "all classic ones", example: `["legacy"]`,
		meaning: "The classic load balancers that the group's instances register with.",
	},
	{
		name: "load_balancers", kind: kindMaps, scope: atTop, words: "one application load balancer, open to all on port 80",
		example: `{ internal = { scheme = "internal" } }`,
		meaning: "Load balancers by name; they replace the default one. {} means none. Names: small letters, digits, hyphens.",
	},
	{
		name: "type", kind: kindText, scope: inBalancer, def: `"application"`, choices: []string{Application, Classic}, example: `"classic"`,
		meaning: "An application load balancer, or a classic one that forwards to a port of every instance.",
	},
	{
		name: "scheme", kind: kindText, scope: inBalancer, def: `"external"`, choices: []string{External, Internal}, example: `"internal"`,
		meaning: "Reachable from the internet (public subnets), or from inside the VPC only (private subnets).",
	},
	{
		name: "allow_cidrs", kind: kindList, scope: inBalancer, words: "external: everybody; internal: vpc_cidr", example: `["192.0.2.0/24"]`,
		meaning: "Who may connect.",
	},
	{
		name: "instance_port", kind: kindNumber, scope: inBalancer, words: "80", example: `8080`,
		meaning: "Classic only: the port of the instances that it forwards to.",
	},
	{
		name: "log_prefix", kind: kindText, scope: atTop, words: "{environment}_{cluster}", example: `"acc"`,
		meaning: "What the names of the instances' log groups begin with: {log_prefix}/var/log/messages.",
	},
	{
		name: "log_retention_days", kind: kindNumber, scope: atTop, def: `30`, example: `90`,
		meaning: "How long logs are kept: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days.",
	},
	{
		name: "container_insights", kind: kindText, scope: atTop, def: `"enhanced"`, choices: []string{"enhanced", "enabled", "disabled"},
		example: `"disabled"`, meaning: "How much CloudWatch measures. Enhanced costs most and shows every task.",
	},
	{
		name: "protect", kind: kindBool, scope: atTop, def: `false`, example: `true`,
		meaning: "Refuse to destroy this cluster, whatever else is asked.",
	},
	{
		name: "tags", kind: kindTextMap, scope: atTop, def: `{}`, example: `{ team = "platform" }`,
		meaning: "Tags for everything that is made, at most 40.",
	},
}

// find looks a name or alias up among the options of one scope.
func find(in scope, name string) (option, bool) {
	i := slices.IndexFunc(options, func(o option) bool {
		return o.scope&in != 0 && (o.name == name || o.alias != "" && o.alias == name)
	})
	if i < 0 {
		return option{}, false
	}
	return options[i], true
}

// names lists the names of one scope, with or without their aliases, in the order of the table.
func names(in scope, aliases bool) []string {
	var out []string
	for _, o := range optionsIn(in) {
		out = append(out, o.name)
		if aliases && o.alias != "" {
			out = append(out, o.alias)
		}
	}
	return out
}

// optionsIn lists the options of one scope.
func optionsIn(in scope) []option {
	return slices.DeleteFunc(slices.Clone(options), func(o option) bool { return o.scope&in == 0 })
}
