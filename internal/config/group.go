package config

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

var (
	groupName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_-]{0,31}$`)
	imageID   = regexp.MustCompile(`^ami-([0-9a-f]{8}|[0-9a-f]{17})$`)
	keyText   = regexp.MustCompile(`^([!-~]([ -~]{0,253}[!-~])?)?$`)
)

// maxUserData leaves half of EC2's 16 KB to berth's own part, which grows with attributes and the log prefix.
const maxUserData = 8 << 10

// groups reads the top level as the first group, then instance_groups by name.
func (s settings) groups(c *Config) {
	name, _ := s.text("instance_group")
	if v := s.values["instance_group"]; v.Shape == tfvars.Scalar {
		s.checkGroupName(name, v.At)
	}
	first := s.group(name)
	first.Min, first.Desired, first.Max = s.topSizes(c)
	first.LoadBalancers = classics(c)
	c.Groups = []Group{first}

	entries := s.table("instance_groups")
	for _, e := range slices.SortedFunc(slices.Values(entries), func(a, b tfvars.Entry) int { return cmp.Compare(a.Key, b.Key) }) {
		s.checkGroupName(e.Key, e.At)
		if e.Key == name {
			s.Fail(e.At, Fault{
				Code: tfvars.CodeTwice, Summary: "the group " + tfvars.Quote(name) + " is described twice",
				Detail: "The top level describes the group that instance_group names.",
				Hint:   "call this one something else, or set instance_group",
			})
		}
		if inner, ok := s.nested(option.Group, e); ok {
			c.Groups = append(c.Groups, s.furtherGroup(inner, e, c))
		}
	}
}

// furtherGroup reads one of instance_groups, after giving it what it takes from the top level.
func (s settings) furtherGroup(inner settings, e tfvars.Entry, c *Config) Group {
	_, ownImage := inner.values["aws_ecs_ami"]
	_, ownTypes := inner.values["instance_type"]
	for _, o := range option.In(option.Group) {
		_, own := inner.values[o.Name]
		if from, ok := s.values[o.Name]; ok && o.Inherited() && !own && (o.Name != "arch" || !ownTypes) && !inner.hasOtherKey(o.Name) {
			inner.values[o.Name] = from
		}
	}
	inner.finish()
	g := inner.group(e.Key)
	g.Min, g.Desired, g.Max = inner.sizes()
	g.LoadBalancers = inner.attached(c)
	maps.Copy(c.where, inner.places())
	if !ownImage && g.AMI != "" {
		s.checkForeign(g, c.Groups[0], e.At)
	}
	return g
}

// checkForeign refuses the top level's image where the group is of another sort.
func (s settings) checkForeign(g, first Group, at tfvars.Origin) {
	if g.Arch == first.Arch && g.AMIFamily == first.AMIFamily && g.Accelerator == first.Accelerator {
		return
	}
	s.Fail(at, Fault{
		Code: codeForeignAMI, Summary: "the group " + tfvars.Quote(g.Name) + " would start from " + g.AMI + ", the image of another architecture or family",
		Detail: "The image is the top level's: " + sortOf(first) + ". This group is " + sortOf(g) + ".",
		Hint:   `give the group its own: aws_ecs_ami = "" takes the newest`,
	})
}

// sortOf is what an image must fit.
func sortOf(g Group) string {
	text := g.Arch + ", " + g.AMIFamily
	if g.Accelerator != "" {
		text += ", " + g.Accelerator
	}
	return text
}

// hasOtherKey tells whether a group names its key in the other one of two ways, and so does not take the top level's.
func (s settings) hasOtherKey(name string) bool {
	other := map[string]string{"key_name": "ssh_public_key", "ssh_public_key": "key_name"}[name]
	_, own := s.values[other]
	return own
}

func (s settings) checkGroupName(name string, at tfvars.Origin) {
	if !groupName.MatchString(name) {
		s.Fail(at, Fault{
			Code: codeIllegalName, Summary: "a group cannot be called " + tfvars.Quote(name),
			Hint: "begin with a letter and go on with letters, digits, hyphens and underscores, at most 32",
		})
	}
}

// group reads what the top level and further groups have in common.
func (s settings) group(name string) Group {
	g := Group{
		Name: name, AMIFamily: s.choice("ami_family"), AMI: s.image(),
		ManagedScaling: s.truth("managed_scaling"), SurgeBeyondMax: s.truth("surge_beyond_max"),
		Attributes: s.attributes(), KeyName: s.keyName(), SSHPublicKey: s.publicKey(), CustomUserData: s.userData(), LoggingDrivers: s.drivers(),
		AgentConfig: s.agentConfig(),
	}
	g.InstanceTypes, g.Arch = s.types()
	g.Accelerator = s.accelerator(g.InstanceTypes)
	s.purchase(&g)
	s.volume(&g)
	s.checkImage(g)
	s.checkUserData(g)
	s.checkAttributes(g)
	s.checkAgentFamily(g)
	s.oneKey(g)
	return g
}

func (s settings) image() string {
	id, ok := s.text("aws_ecs_ami")
	if v := s.values["aws_ecs_ami"]; ok && id != "" && !imageID.MatchString(id) {
		s.Fail(v.At, Fault{
			Code: codeAMI, Summary: v.Path + " cannot be " + tfvars.Quote(id), Detail: "It is no image's id.",
			Hint: `write it like "ami-0123456789abcdef0", or "" for the newest that AWS recommends`,
		})
	}
	return id
}

func (s settings) keyName() string {
	name, ok := s.text("key_name")
	if v := s.values["key_name"]; ok && !keyText.MatchString(name) {
		s.Fail(v.At, Fault{Code: codeIllegalText, Summary: v.Path + " cannot be " + tfvars.Quote(name), Hint: "a key pair's name has at most 255 ASCII characters"})
	}
	return name
}

// userData reads the shell commands. A file with Windows line ends would break them, so these go.
func (s settings) userData() string {
	text, ok := s.text("custom_userdata")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if v := s.values["custom_userdata"]; ok && len(text) > maxUserData {
		s.Fail(v.At, Fault{
			Code: codeIllegalText, Summary: v.Path + " has " + strconv.Itoa(len(text)) + " bytes, and " + strconv.Itoa(maxUserData) + " are possible",
			Detail: "EC2 takes 16 KB of user data, and berth's own part needs some of it.",
			Hint:   "put the script into S3 or an image and fetch it from here",
		})
	}
	return text
}

func (s settings) drivers() []string {
	list, ok := s.list("ecs_logging")
	if ok && len(list) == 0 {
		v := s.values["ecs_logging"]
		s.Fail(v.At, Fault{Code: codeMissing, Summary: v.Path + " names no log driver", Hint: `leave it out for ["json-file", "awslogs"], or write ["none"]`})
	}
	var out []string
	for _, w := range list {
		s.oneOf("ecs_logging", w)
		out = append(out, w.text)
	}
	return out
}

func classics(c *Config) []string {
	var out []string
	for _, lb := range c.LoadBalancers {
		if lb.Type == Classic {
			out = append(out, lb.Key)
		}
	}
	return out
}

// classicNames are what the file calls its classic load balancers.
func classicNames(c *Config) []string {
	var out []string
	for _, lb := range c.LoadBalancers {
		if lb.Type == Classic {
			out = append(out, lb.Name())
		}
	}
	return out
}

// attached reads which classic load balancers the group's instances register with: all, unless it says.
func (s settings) attached(c *Config) []string {
	if _, given := s.values["load_balancers"]; !given {
		return classics(c)
	}
	list, _ := s.list("load_balancers")
	var out []string
	for _, w := range list {
		switch key := balancerNamed(w.text); {
		case !slices.Contains(classics(c), key):
			s.Fail(w.At, Fault{
				Code: codeBalancer, Summary: w.Path + " " + tfvars.Quote(w.text) + " is no classic load balancer",
				Hint: "classic ones are: " + cmp.Or(strings.Join(classicNames(c), ", "), "none"),
			})
		case slices.Contains(out, key):
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " " + tfvars.Quote(w.text) + " is named twice", Hint: "name each load balancer once"})
		default:
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}
