package config

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

var (
	// imageText is how Docker writes an image: registry, path, tag and digest (ECS API reference, ContainerDefinition, image).
	imageText = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._/-]*(:[0-9]+/[a-zA-Z0-9._/-]+)?(:[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$`)
	// variableName is what every shell takes.
	variableName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]{0,254}$`)
	// secretSource is a secret, with the parts that pick one of its values and versions, or a parameter (ECS API reference,
	// Secret, valueFrom).
	secretSource = regexp.MustCompile(`^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[a-zA-Z0-9/_+=.@!-]+-[a-zA-Z0-9]{6}(:[^:]*){0,3}|ssm:[a-z0-9-]+:[0-9]{12}:parameter/[a-zA-Z0-9/_.-]+)$`)
	roleARN      = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[a-zA-Z0-9/_+=,.@-]+$`)
	// secretName ends like the names of variables that hold a password.
	secretName = regexp.MustCompile(`(?i)(^|_)(password|passwd|secret|token|api_?key|license_?key|private_?key|credentials)$`)
	mountText  = regexp.MustCompile(`^(/[^:\s]*)(?::(/[^:\s]*))?(:ro)?$`)
	portText   = regexp.MustCompile(`^(?:([0-9]+):)?([0-9]+)(?:/(tcp|udp))?$`)
)

// What a container may be given: ECS refuses less than 6 MiB (ECS API reference, ContainerDefinition), and no instance
// type has more than this.
const (
	leastMemory = 6
	mostMemory  = 1 << 25 // MiB
	mostCPU     = 1 << 20 // units
)

// SystemContainer is a container that runs once on every instance of some groups.
type SystemContainer struct {
	Name                 string
	Image                string
	CPU, Memory          int // units and MiB, for every instance
	Command, EntryPoint  []string
	Environment, Secrets []Tag // sorted by name; secrets hold the ARNs that they come from
	Volumes              []Mount
	Ports                []PortMapping
	Groups               []string // sorted; nil is all
	NetworkMode, PIDMode string
	Privileged           bool
	TaskRoleARN          string // "" is the cluster's own
}

// Mount is a path of the instance inside a container.
type Mount struct {
	Name, Host, Container string
	ReadOnly              bool
}

// PortMapping is a port of the instance that leads to a port of a container.
type PortMapping struct {
	Host, Container int
	Protocol        string // tcp or udp
}

// On tells whether a container runs on the instances of a group.
func (c SystemContainer) On(group string) bool {
	return c.Groups == nil || slices.Contains(c.Groups, group)
}

// containers reads system_containers, sorted by name. Groups must be read before.
func (s settings) containers(c *Config) {
	for _, e := range s.table("system_containers") {
		if !groupName.MatchString(e.Key) {
			s.Fail(e.At, Fault{
				Code: codeIllegalName, Summary: "a system container cannot be called " + tfvars.Quote(e.Key),
				Hint: "begin with a letter and go on with letters, digits, hyphens and underscores, at most 32",
			})
		}
		if inner, ok := s.nested(option.Container, e); ok {
			inner.finish()
			c.SystemContainers = append(c.SystemContainers, inner.container(e, c))
		}
	}
	slices.SortFunc(c.SystemContainers, func(a, b SystemContainer) int { return cmp.Compare(a.Name, b.Name) })
	s.apart(c)
}

func (s settings) container(e tfvars.Entry, c *Config) SystemContainer {
	out := SystemContainer{
		Name: e.Key, Image: s.imageName(), CPU: s.amount("cpu", 0, mostCPU, "units"), Memory: s.amount("memory", leastMemory, mostMemory, "MiB"),
		Command: s.words("command"), EntryPoint: s.words("entry_point"), Environment: s.environment(), Secrets: s.secrets(),
		Volumes: s.mounts(), NetworkMode: s.choice("network_mode"), PIDMode: s.choice("pid_mode"), Privileged: s.truth("privileged"),
		Groups: s.hosts(c), TaskRoleARN: s.taskRole(),
	}
	out.Ports = s.ports(out.NetworkMode)
	s.shipped(e, out, c)
	return out
}

func (s settings) imageName() string {
	text, ok := s.text("image")
	if v := s.values["image"]; ok && !imageText.MatchString(text) {
		s.Fail(v.At, Fault{
			Code: codeImage, Summary: v.Path + " cannot be " + tfvars.Quote(text), Detail: "It is no image's name.",
			Hint: `write it like image = "public.ecr.aws/datadog/agent:7.60.0"`,
		})
	}
	return text
}

func (s settings) amount(name string, least, most int, unit string) int {
	n, ok := s.number(name)
	if v := s.values[name]; ok && (n < least || n > most) {
		s.Fail(v.At, Fault{
			Code: codeAmount, Summary: v.Path + " cannot be " + strconv.Itoa(n),
			Hint: strconv.Itoa(least) + " " + unit + " or more, such as " + example(option.Container, name),
		})
	}
	return n
}

// example is how the table writes a setting.
func example(in option.Scope, name string) string {
	o, _ := option.Find(in, name)
	return o.Name + " = " + o.Example
}

// words reads a list of text as it stands.
func (s settings) words(name string) []string {
	list, _ := s.list(name)
	var out []string
	for _, w := range list {
		out = append(out, w.text)
	}
	return out
}

func (s settings) checkVariable(e tfvars.Entry) {
	if !variableName.MatchString(e.Key) {
		s.Fail(e.At, Fault{
			Code: codeIllegalText, Summary: "an environment variable cannot be called " + tfvars.Quote(e.Key),
			Hint: "letters, digits and underscores, no digit first",
		})
	}
}

// environment reads variables, and warns of those whose names say that they are secrets.
func (s settings) environment() []Tag {
	return s.pairs("environment", func(e tfvars.Entry, text string) {
		s.checkVariable(e)
		if text != "" && secretName.MatchString(e.Key) {
			s.Warn(e.At.Hidden(), Fault{
				Code: codePlainSecret, Summary: e.Value.Path + " looks like a secret in plain text",
				Detail: "Task definitions can be read by everybody who may describe them, and this file by everybody who has it.",
				Hint:   "store it, and write secrets = { " + e.Key + ` = "arn:aws:secretsmanager:…" }`,
			})
		}
	})
}

// secrets reads where variables come from. What a wrong text is stays unsaid: it may be the secret itself.
func (s settings) secrets() []Tag {
	taken := s.table("environment")
	return s.pairs("secrets", func(e tfvars.Entry, text string) {
		s.checkVariable(e)
		if !secretSource.MatchString(text) {
			s.Fail(e.At.Hidden(), Fault{
				Code: codeSource, Summary: e.Value.Path + " is no ARN of a secret or parameter", Detail: "Its value is not shown: it may be the secret itself.",
				Hint: "such as " + e.Key + ` = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:datadog-1a2b3c"` + "\n" +
					"a secret's ARN ends with six characters of AWS's: aws secretsmanager describe-secret --secret-id NAME --query ARN",
			})
		}
		if slices.ContainsFunc(taken, func(o tfvars.Entry) bool { return o.Key == e.Key }) {
			s.Fail(e.At.Hidden(), Fault{
				Code: tfvars.CodeTwice, Summary: "the variable " + tfvars.Quote(e.Key) + " is given twice",
				Detail: "It stands in environment and in secrets.", Hint: "keep the one in secrets",
			})
		}
	})
}

func (s settings) taskRole() string {
	text, ok := s.text("task_role_arn")
	if v := s.values["task_role_arn"]; ok && text != "" && !roleARN.MatchString(text) {
		s.Fail(v.At, Fault{
			Code: codeSource, Summary: v.Path + " cannot be " + tfvars.Quote(text), Detail: "It is no ARN of an IAM role.",
			Hint: "such as " + example(option.Container, "task_role_arn"),
		})
	}
	return text
}

// mounts reads volumes, sorted by name.
func (s settings) mounts() []Mount {
	var out []Mount
	inside := map[string]string{}
	for _, p := range s.pairs("volumes", func(e tfvars.Entry, text string) { s.checkVolume(e, text, inside) }) {
		if m := mountText.FindStringSubmatch(p.Value); m != nil {
			out = append(out, Mount{Name: p.Key, Host: m[1], Container: cmp.Or(m[2], m[1]), ReadOnly: m[3] != ""})
		}
	}
	return out
}

func (s settings) checkVolume(e tfvars.Entry, text string, inside map[string]string) {
	m := mountText.FindStringSubmatch(text)
	switch {
	case !groupName.MatchString(e.Key):
		s.Fail(e.At, Fault{
			Code: codeIllegalName, Summary: "a volume cannot be called " + tfvars.Quote(e.Key),
			Hint: "begin with a letter and go on with letters, digits, hyphens and underscores, at most 32",
		})
	case m == nil:
		s.Fail(e.Value.At, Fault{
			Code: codeMount, Summary: e.Value.Path + " cannot be " + tfvars.Quote(text), Detail: "It names no path of the instance.",
			Hint: "such as " + e.Key + ` = "/proc:/host/proc:ro"`,
		})
	default:
		path := cmp.Or(m[2], m[1])
		if other, twice := inside[path]; twice {
			s.Fail(e.Value.At, Fault{
				Code: tfvars.CodeTwice, Summary: "the volumes " + tfvars.Quote(other) + " and " + tfvars.Quote(e.Key) + " are both at " + path,
				Hint: "give one another path in the container",
			})
		}
		inside[path] = e.Key
	}
}

// ports reads which ports of the instance lead into the container.
func (s settings) ports(mode string) []PortMapping {
	list, given := s.list("ports")
	if v := s.values["ports"]; given && len(list) > 0 && mode != "bridge" {
		s.Fail(v.At, Fault{
			Code: codeNotHere, Summary: v.Path + " means nothing with network_mode = " + tfvars.Quote(mode),
			Detail: "Only Docker's bridge maps ports. In the instance's own network a container listens where it likes.",
			Hint:   `leave ports out, or write network_mode = "bridge"`,
		})
	}
	var out []PortMapping
	for _, w := range list {
		if p, ok := s.port(w); ok {
			out = append(out, p)
		}
	}
	return out
}

func (s settings) port(w written) (PortMapping, bool) {
	m := portText.FindStringSubmatch(w.text)
	if m == nil {
		s.Fail(w.At, Fault{Code: codePortText, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Hint: `such as "8125/udp" or "24224:24224"`})
		return PortMapping{}, false
	}
	inside, err1 := strconv.Atoi(m[2])
	host, err2 := strconv.Atoi(cmp.Or(m[1], m[2]))
	if err1 != nil || err2 != nil || inside < 1 || inside > 65535 || host < 1 || host > 65535 {
		s.Fail(w.At, Fault{Code: codePort, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Hint: "ports from 1 to 65535"})
		return PortMapping{}, false
	}
	return PortMapping{Host: host, Container: inside, Protocol: cmp.Or(m[3], "tcp")}, true
}

// hosts reads the groups that a container runs on; nil is all.
func (s settings) hosts(c *Config) []string {
	list, given := s.list("groups")
	if v := s.values["groups"]; given && len(list) == 0 {
		s.Fail(v.At, Fault{Code: codeGroup, Summary: v.Path + " names no group", Hint: "leave it out for all groups"})
	}
	var known, out []string
	for _, g := range c.Groups {
		known = append(known, g.Name)
	}
	for _, w := range list {
		switch {
		case !slices.Contains(known, w.text):
			s.Fail(w.At, Fault{
				Code: codeGroup, Summary: w.Path + " " + tfvars.Quote(w.text) + " is no instance group", Hint: "the groups are: " + strings.Join(known, ", "),
			})
		case slices.Contains(out, w.text):
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " " + tfvars.Quote(w.text) + " is named twice", Hint: "name each group once"})
		default:
			out = append(out, w.text)
		}
	}
	slices.Sort(out)
	return out
}

// shipped refuses a container on instances that cannot ship its logs.
func (s settings) shipped(e tfvars.Entry, out SystemContainer, c *Config) {
	for _, g := range c.Groups {
		if !out.On(g.Name) || slices.Contains(g.LoggingDrivers, "awslogs") {
			continue
		}
		s.Fail(e.At, Fault{
			Code: codeNotHere, Summary: "the system container " + tfvars.Quote(e.Key) + " cannot run on the group " + tfvars.Quote(g.Name),
			Detail: "Its logs go to CloudWatch Logs, and the group's ecs_logging does not name awslogs.",
			Hint:   `add "awslogs" to ecs_logging, or name other groups here`,
		})
	}
}

// apart refuses containers that want the same port of an instance.
func (s settings) apart(c *Config) {
	type port struct {
		group, protocol string
		host            int
	}
	taken := map[port]string{}
	for _, one := range c.SystemContainers {
		for _, p := range one.Ports {
			for _, g := range c.Groups {
				at := port{g.Name, p.Protocol, p.Host}
				other, twice := taken[at]
				if !one.On(g.Name) {
					continue
				}
				if twice {
					s.Fail(s.values["system_containers"].At, Fault{
						Code: codePortText, Summary: "port " + strconv.Itoa(p.Host) + "/" + p.Protocol + " of the group " + tfvars.Quote(g.Name) + " is wanted twice",
						Detail: "By " + tfvars.Quote(other) + " and " + tfvars.Quote(one.Name) + ".",
						Hint:   "give one of them another port of the instance",
					})
					break
				}
				taken[at] = one.Name
			}
		}
	}
}
