package rule

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// checker asks what the values mean together. It takes what does not fit the shape for absent.
type checker struct {
	*fault.Report
	f draft.Folder
}

// container is one container definition.
type container struct {
	document.Value
	name string
	said string // how faults call it
}

// shown are the names of members that may be shown: no variable is part of them.
func (c *checker) shown(all []document.Value) []string {
	var out []string
	for _, v := range all {
		if name := v.Get("name"); name.Kind == document.Text && !c.f.FromVariable(name) && !c.f.Open(name) {
			out = append(out, name.Text)
		}
	}
	return out
}

func (c *checker) containers() []container {
	var out []container
	for i, v := range c.f.Definition.Get("containerDefinitions").Items {
		if v.Kind != document.Object {
			continue
		}
		one := container{Value: v, name: draft.Text(v, "name"), said: fmt.Sprintf("containerDefinitions[%d]", i)}
		if one.name != "" && !c.f.Open(v.Get("name")) && !c.f.FromVariable(v.Get("name")) {
			one.said = "the container " + fault.Quote(one.name)
		}
		out = append(out, one)
	}
	return out
}

// within checks that a member, where it is given, is a number of a range.
func (c *checker) within(said string, v document.Value, name string, least, most int) {
	if n, ok := draft.Number(v, name); ok && (n < least || n > most) {
		c.Fail(v.Get(name).At, fault.Fault{
			Code: fault.CodeRange, Summary: fmt.Sprintf("%s: %s cannot be %s", said, name, c.f.Quote(v.Get(name))),
			Hint: fmt.Sprintf("from %d to %d", least, most),
		})
	}
}

// names checks what the folder is called.
func (c *checker) names() {
	for _, of := range []struct {
		v    document.Value
		name string
	}{{c.f.Definition, "family"}, {c.f.Service, "serviceName"}} {
		name := of.v.Get(of.name)
		if name.Kind != document.Text || c.f.Open(name) || identifier.MatchString(name.Text) {
			continue
		}
		at, what := name.At, of.name+" cannot be "+c.f.Quote(name)
		if at.Line == 0 {
			at, what = of.v.At, of.name+" is left out, and the folder's name "+fault.Quote(name.Text)+" cannot stand for it"
		}
		hint := `write "` + of.name + `": "` + c.legal(name) + `"`
		c.Fail(at, fault.Fault{Code: fault.CodeName, Summary: what, Detail: "Up to 255 letters, digits, hyphens and underscores.", Hint: hint})
	}
}

// definition checks the task definition.
func (c *checker) definition() {
	all := c.containers()
	c.task(all)
	for _, one := range all {
		c.container(one)
		c.secrets(one)
		c.memory(one)
		c.order(one, all)
		c.logs(one)
	}
	c.cycles(all)
	c.amounts(all)
	c.ports(all)
	c.constraints(c.f.Definition.Get("placementConstraints"), 0)
	c.tags(c.f.Definition)
	c.uses()
}

// service checks the service, where there is one.
func (c *checker) service() {
	if c.f.Once() {
		return
	}
	c.identity()
	c.network()
	c.balancers()
	c.capacity()
	c.daemon()
	c.strategy()
	c.constraints(c.f.Service.Get("placementConstraints"), len(c.f.Definition.Get("placementConstraints").Items))
	c.rebalancing()
	c.deployment()
	c.percentages()
	c.tags(c.f.Service)
}

// misspelt tells whether an object has a member with other capitals.
func misspelt(v document.Value, name string) bool {
	return slices.ContainsFunc(v.Members, func(m document.Member) bool { return m.Name != name && strings.EqualFold(m.Name, name) })
}

// tags refuses keys that are not the user's to set, and those that AWS refuses.
func (c *checker) tags(v document.Value) {
	seen := map[string]int{}
	for _, tag := range v.Get("tags").Items {
		key, name := draft.Text(tag, "key"), tag.Get("key")
		switch line, twice := seen[key]; {
		case c.f.Open(name) || tag.Kind != document.Object:
			continue
		case key == "" && misspelt(tag, "key"):
			continue // the shape has told it
		case key == "" && (!name.There() || name.Kind == document.Text):
			c.Fail(orAt(name, tag), fault.Fault{Code: fault.CodeMissing, Summary: "a tag has no key", Hint: `add "key": "team"`})
			continue
		case twice:
			c.Fail(name.At, fault.Fault{Code: fault.CodeTwice, Summary: "a second tag has the key " + c.f.Quote(name), Detail: fmt.Sprintf("The first stands in line %d.", line), Hint: "keep one"})
		}
		seen[key] = name.At.Line
		lower := strings.ToLower(key)
		if strings.HasPrefix(lower, "aws:") || strings.HasPrefix(lower, "berth:") || lower == "environment" || lower == "cluster" {
			c.Fail(name.At, fault.Fault{
				Code: fault.CodeReserved, Summary: "the tag " + c.f.Quote(name) + " is not yours to set",
				Detail: "AWS keeps aws: to itself; berth sets berth:service, Environment and Cluster.", Hint: "leave it out",
			})
		}
	}
}
